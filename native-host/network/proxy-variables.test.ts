import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Secret } from '../kernel/secret.ts'
import { proxyVariables } from './proxy-variables.ts'
import { routeTo } from './route.ts'

const env = {
  HTTPS_PROXY: 'http://other:1',
  HTTP_PROXY: 'http://other:2',
  NO_PROXY: '*',
  no_proxy: 's3.example.org',
}

test('without the setting the environment decides', () => {
  assert.equal(proxyVariables('', { name: 'n', password: new Secret('p') }, env), env)
})

for (const address of ['http://s3.example.org', 'https://s3.example.org']) {
  test(`with the setting ${address} goes through it, also against the environment`, () => {
    const variables = proxyVariables('http://proxy.example.org:3128', undefined, env)
    const { proxy } = routeTo(new URL(address), variables)
    assert.deepEqual([proxy?.host, proxy?.port, proxy?.authorization], ['proxy.example.org', 3128, undefined])
  })
}

const logins: [name: string, password: string][] = [
  ['anna', 'correct horse'],
  ['anna@example.org', 'p@ss:w/o%20rd?#'],
  ['änna', '%'],
]
for (const [name, password] of logins) {
  test(`the login of ${name} arrives as it was given`, () => {
    const variables = proxyVariables('https://proxy:3128/', { name, password: new Secret(password) }, env)
    const { proxy } = routeTo(new URL('https://s3.example.org'), variables)
    const basic = proxy?.authorization?.reveal().replace('Basic ', '') ?? ''
    assert.equal(Buffer.from(basic, 'base64').toString(), `${name}:${password}`)
  })
}
