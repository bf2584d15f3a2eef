import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { routeTo } from '../../native-host/network/route.ts'

/**
 * What the variables of proxies mean is what curl and Python do with them: both are asked here, with a proxy of the
 * test. Rows on which the two disagree are decided in network/no-proxy.test.ts and network/route.test.ts.
 */
const proxyAnswer = 418
let proxyPort = 0
const proxy = createServer((_, response) => response.writeHead(proxyAnswer).end())
proxy.on('connect', (_, socket) => socket.end(`HTTP/1.1 ${proxyAnswer} x\r\n\r\n`))
before(async () => {
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  proxyPort = (proxy.address() as AddressInfo).port
})
after(() => void proxy.close())

const run = promisify(execFile)
type Env = Record<string, string>

/** Which of the addresses go through the proxy; what goes directly finds a closed port, or fails at once. */
async function curlUsesProxy(env: Env): Promise<boolean[]> {
  const nowhere = [
    '--connect-timeout',
    '2',
    '--resolve',
    '*:80:127.0.0.1',
    '--resolve',
    '*:443:127.0.0.1',
    '--resolve',
    '*:8080:127.0.0.1',
  ]
  const each = urls.flatMap(url => ['--output', '/dev/null', url])
  const args = ['--disable', '--silent', ...nowhere, '--write-out', '%{http_code} %{http_connect}\n', ...each]
  const { stdout } = await run('curl', args, { env: { PATH: process.env.PATH ?? '', ...env } }).catch(
    // It ends with the code of the last failure.
    error => error,
  )
  const lines = String(stdout).trim().split('\n')
  assert.equal(lines.length, urls.length, String(stdout))
  return lines.map(line => line.includes(String(proxyAnswer)))
}

async function pythonUsesProxy(envs: readonly Env[]): Promise<boolean[][]> {
  const program = `
import json, os, sys, urllib.request, urllib.parse
def uses(url, proxies):
    return url.scheme in proxies and not urllib.request.proxy_bypass_environment(url.netloc, proxies)
def ask(env):
    os.environ.clear()
    os.environ.update(env)
    proxies = urllib.request.getproxies_environment()
    return [uses(urllib.parse.urlsplit(url), proxies) for url in sys.argv[2:]]
print(json.dumps([ask(env) for env in json.loads(sys.argv[1])]))
`
  const { stdout } = await run('python3', ['-c', program, JSON.stringify(envs), ...urls])
  return JSON.parse(stdout)
}

const lists = [
  '',
  '*',
  'corp.example',
  '.corp.example',
  'CORP.EXAMPLE',
  's3.corp.example',
  'xcorp.example',
  'orp.example',
  'other.example,corp.example',
  ' other.example , corp.example ',
  'localhost',
  'local.host',
  '127.0.0.1',
  'example',
]
const ofCurlOnly = [
  '0.0.1',
  'other.example corp.example',
  'corp.example.',
  '127.0.0.0/8',
  '128.0.0.0/8',
  '127.0.0.2/32',
  '::1',
  'fd00::/8',
]
const ofPythonOnly = ['corp.example:8080', 'corp.example:81', 's3.corp.example:8080']
const urls = [
  'http://s3.corp.example/',
  'http://corp.example/',
  'http://s3.corp.example.org/',
  'http://localhost/',
  'http://127.0.0.1/',
  'https://s3.corp.example/',
  'http://s3.corp.example:8080/',
]
const exempting = (list: string) => (): Env => ({
  http_proxy: `http://127.0.0.1:${proxyPort}`,
  https_proxy: `127.0.0.1:${proxyPort}`,
  no_proxy: list,
})
const ours = (env: Env) => urls.map(url => routeTo(new URL(url), env).proxy !== undefined)

/** P stands for the proxy. */
const variables: (() => Env)[] = [
  'http_proxy=P',
  'https_proxy=P',
  'HTTPS_PROXY=P',
  'all_proxy=P',
  'ALL_PROXY=P',
  'http_proxy= ALL_PROXY=P',
  'ALL_PROXY=P no_proxy=other NO_PROXY=*',
  'ALL_PROXY=P no_proxy=* NO_PROXY=other',
  'ALL_PROXY=P NO_PROXY=corp.example',
  'ALL_PROXY=P no_proxy= NO_PROXY=corp.example',
].map(
  text => () =>
    Object.fromEntries(
      text.split(' ').map(each => {
        const [name = '', value = ''] = each.split('=')
        return [name, value === 'P' ? `127.0.0.1:${proxyPort}` : value]
      }),
    ),
)

const allOf =
  <T, R>(ask: (each: T) => Promise<R>) =>
  async (every: readonly T[]) => {
    const answers: R[] = []
    for (const each of every) answers.push(await ask(each))
    return answers
  }
const tools: [
  name: string,
  command: string,
  ask: (envs: readonly Env[]) => Promise<boolean[][]>,
  rows: (() => Env)[],
][] = [
  ['curl', 'curl', allOf(curlUsesProxy), [...[...lists, ...ofCurlOnly].map(exempting), ...variables]],
  ['Python', 'python3', pythonUsesProxy, [...lists, ...ofPythonOnly].map(exempting)],
]
for (const [name, command, ask, rows] of tools) {
  const skip = spawnSync(command, ['--version']).status !== 0 && `${name} is not installed`
  test(`the variables of proxies mean what they mean to ${name}`, { skip }, async () => {
    const envs = rows.map(row => row())
    const theirs = await ask(envs)
    for (const [index, env] of envs.entries())
      assert.deepEqual(ours(env), theirs[index], `${urls.join(' ')} with ${JSON.stringify(env)}`)
  })
}
