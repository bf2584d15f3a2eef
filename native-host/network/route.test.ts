import assert from 'node:assert/strict'
import { test } from 'node:test'
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
  ['no scheme means http', s3, { HTTPS_PROXY: 'proxy.test:3128' }, 'proxy.test:3128'],
  ['a login without a scheme', s3, { HTTPS_PROXY: 'me:word@proxy.test:3128' }, 'proxy.test:3128'],
  ['a scheme in capitals', s3, { HTTPS_PROXY: 'HTTP://proxy.test:3128/' }, 'proxy.test:3128'],
  ['one for everything', s3, { ALL_PROXY: 'proxy.test:3128' }, 'proxy.test:3128'],
  [
    'one for everything, http',
    'http://s3.example.test/',
    { all_proxy: 'proxy.test:3128' },
    'proxy.test:3128',
  ],
  [
    'one for https before one for everything',
    s3,
    { HTTPS_PROXY: 'a.test:1', all_proxy: 'b.test:2' },
    'a.test:1',
  ],
  ['one that is empty is none', s3, { https_proxy: '', HTTPS_PROXY: 'a.test:1' }, 'a.test:1'],
  [
    'lower case counts first in NO_PROXY too',
    s3,
    { ALL_PROXY: 'a.test:1', no_proxy: 'b', NO_PROXY: '*' },
    'a.test:1',
  ],
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

const unusable: [name: string, address: string, env: Record<string, string>, detail: string][] = [
  ['SOCKS', s3, { HTTPS_PROXY: 'socks5://proxy.test:1080' }, 'HTTPS_PROXY names a proxy of type socks5'],
  [
    'SOCKS for everything',
    s3,
    { ALL_PROXY: 'socks5h://proxy.test' },
    'ALL_PROXY names a proxy of type socks5h',
  ],
  ['another protocol', s3, { all_proxy: 'FTP://proxy.test' }, 'all_proxy names a proxy of type ftp'],
  ['no address', s3, { https_proxy: 'http://' }, 'https_proxy does not contain an address'],
  ['a port that is none', s3, { https_proxy: 'proxy.test:port' }, 'https_proxy does not contain an address'],
  [
    'a password with a raw #',
    s3,
    { https_proxy: 'http://me:1#x@proxy.test' },
    'https_proxy does not contain an address',
  ],
]
for (const [name, address, env, detail] of unusable) {
  test(`${name} is refused and not bypassed: ${detail}`, () => {
    assert.throws(() => routeTo(new URL(address), env), { code: 'PROXY_UNUSABLE', detail })
    assert.equal(routeTo(new URL(address), { ...env, NO_PROXY: 'example.test' }).proxy, undefined)
  })
}

test('a password with a lone percent sign is sent as it is', () => {
  const { proxy } = routeTo(new URL(s3), { HTTPS_PROXY: 'me:100%@proxy.test:3128' })
  assert.equal(proxy?.authorization?.reveal(), `Basic ${btoa('me:100%')}`)
})
