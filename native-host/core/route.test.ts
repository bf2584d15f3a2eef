import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, createServer, request } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { AddressInfo, LookupFunction } from 'node:net'
import { after, before, test } from 'node:test'
import { inspect } from 'node:util'
import { routeTo, showPlace } from './route.ts'

const s3 = 'https://s3.example.test/records'

const ways: [name: string, address: string, env: Record<string, string>, proxy: string | undefined][] = [
  ['no variables', s3, {}, undefined],
  ['a proxy for https', s3, { HTTPS_PROXY: 'http://proxy.test:3128' }, 'proxy.test:3128'],
  ['a proxy for http is none for https', s3, { HTTP_PROXY: 'http://proxy.test:3128' }, undefined],
  [
    'a proxy for http',
    'http://s3.example.test/',
    { HTTP_PROXY: 'http://proxy.test:3128' },
    'proxy.test:3128',
  ],
  [
    'lower case counts first',
    s3,
    { https_proxy: 'http://a.test', HTTPS_PROXY: 'http://b.test' },
    'a.test:80',
  ],
  ['a proxy that is reached by TLS', s3, { HTTPS_PROXY: 'https://proxy.test' }, 'proxy.test:443'],
  ['an address of version 6', s3, { HTTPS_PROXY: 'http://[2001:db8::9]:3128' }, '[2001:db8::9]:3128'],
  ['a kind of proxy that Node does not know', s3, { HTTPS_PROXY: 'socks5://proxy.test:1080' }, undefined],
]
for (const [name, address, env, proxy] of ways) {
  test(`${name}: ${proxy ?? 'direct'}`, () => {
    const route = routeTo(new URL(address), env)
    assert.equal(route.proxy && showPlace(route.proxy), proxy)
  })
}

test('a password goes to the proxy and nowhere else', () => {
  const { proxy } = routeTo(new URL(s3), { HTTPS_PROXY: 'http://me:p%C3%A4ss%40word@proxy.test:3128' })
  assert.equal(proxy?.authorization?.reveal(), `Basic ${Buffer.from('me:päss@word').toString('base64')}`)
  assert.ok(!inspect(proxy, { depth: 9, showHidden: true }).includes('word'))
})

// Node's agents decide for themselves, so that what is said of the way has to be what they do.
const lists = [
  '',
  '*',
  's3.example.test',
  'S3.EXAMPLE.TEST',
  's3.example.test:8080',
  's3.example.test:80',
  '.example.test',
  '*.example.test',
  'example.test',
  '.s3.example.test',
  'other.test, s3.example.test',
  '127.0.0.0-127.0.0.255',
  '127.0.0.2-127.0.0.255',
  '127.0.0.1',
  'localhost',
]
const hosts = ['s3.example.test', 's3.example.test:8080', '127.0.0.1:9', 'localhost:9', 'xexample.test']

const proxy = createServer((_, response) => response.writeHead(204, { 'x-through': 'proxy' }).end())
proxy.on('connect', (_, socket) => socket.end('HTTP/1.1 418 Through the proxy\r\n\r\n'))
let proxyUrl = ''
before(async () => {
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
})
after(() => void proxy.close())

for (const scheme of ['http', 'https'] as const) {
  test(`NO_PROXY means for ${scheme} what it means to Node`, async () => {
    for (const list of lists) {
      for (const host of hosts) {
        const env = { HTTP_PROXY: proxyUrl, HTTPS_PROXY: proxyUrl, NO_PROXY: list }
        const url = new URL(`${scheme}://${host}/`)
        const ours = routeTo(url, env).proxy !== undefined
        assert.equal(ours, await goesThroughProxy(url, env), `${url} with NO_PROXY=${list}`)
      }
    }
  })
}

async function goesThroughProxy(url: URL, env: Record<string, string>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  // Nobody is asked for the names: what is not for the proxy fails at once.
  const lookup: LookupFunction = (_host, _options, found) => found(new Error('direct'), '')
  const options = { lookup }
  const asking =
    url.protocol === 'https:'
      ? httpsRequest(url, { ...options, agent: new HttpsAgent({ proxyEnv: env }) })
      : request(url, { ...options, agent: new Agent({ proxyEnv: env }) })
  asking
    .on('response', response => {
      response.resume()
      resolve(response.headers['x-through'] === 'proxy')
    })
    .on('error', error => resolve('statusCode' in error && error.statusCode === 418))
    .end()
  return promise
}
