import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { hash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'

/**
 * An attacker has put variables and lines into the environment and the files of the AWS tools, so that
 * objects, sessions and roles would be asked for at a server of theirs. A proxy of the test sees where every
 * request goes.
 */
const module = (path: string) => JSON.stringify(import.meta.resolve(`../../native-host/adapters/${path}`))
const program = `
  import { s3Destination } from ${module('destination/s3/destination.ts')}
  import { openCredentials } from ${module('destination/credentials/credential-source.ts')}
  const [settings, source] = JSON.parse(process.argv[1])
  const world = {
    credentials: found => openCredentials({ ...found, ...source }, '/nonexistent/credentials'),
    proxyLogin: async () => undefined,
    uploads: {},
    env: process.env,
  }
  const bytes = new Uint8Array(10)
  const object = { size: 10, sha256: 'ab'.repeat(32), slice: async () => bytes, proven: async () => undefined }
  await s3Destination(settings, world)
    .put('k', object, new AbortController().signal)
    .catch(error => console.log(error.code))
`

const settings = {
  bucket_name: 'my-records',
  region: 'eu-central-1',
  endpoint: '',
  prefix: '',
  proxy: '',
  ca_file: '',
  bucket_owner: '',
  storage_class: '',
  server_side_encryption: 'none',
  sse_kms_key: '',
}

const tries: [name: string, source: { from: string; profile: string }, asked: string][] = [
  ['an object', { from: 'environment', profile: '' }, 'my-records.s3.eu-central-1.amazonaws.com:443'],
  ['a session', { from: 'sso', profile: 'office' }, 'portal.sso.eu-central-1.amazonaws.com:443'],
  ['a new token of it', { from: 'sso', profile: 'renewed' }, 'oidc.eu-central-1.amazonaws.com:443'],
  ['a role', { from: 'profile', profile: 'role' }, 'sts.eu-central-1.amazonaws.com:443'],
]

test('variables and files of the AWS tools lead no request elsewhere', async () => {
  await using home = await mkdtempDisposable(join(tmpdir(), 'at-redirected-'))
  let trapped = 0
  await using trap = await listening(createServer((_, response) => void response.end(String(++trapped))))
  trap.server.on('connection', () => trapped++)
  const asked: string[] = []
  await using proxy = await listening(createServer())
  proxy.server.on('connect', (request, socket) => {
    asked.push(request.url ?? '')
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
  })
  await prepareFiles(home.path, trap.url)
  const services = ['', '_S3', '_SSO', '_SSO_OIDC', '_STS']
  const env = {
    PATH: process.env.PATH,
    HOME: home.path,
    HTTPS_PROXY: proxy.url,
    HTTP_PROXY: proxy.url,
    NO_PROXY: '127.0.0.1',
    AWS_PROFILE: 'office',
    AWS_ACCESS_KEY_ID: 'AKIAQUOKKAZEPHYRUS01',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...Object.fromEntries(services.map(service => [`AWS_ENDPOINT_URL${service}`, trap.url])),
  }
  await Promise.all(
    tries.map(async ([name, source, place]) => {
      const task = JSON.stringify([settings, source])
      const child = spawn(process.execPath, ['--input-type=module', '--eval', program, task], {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const [said] = await Promise.all([text(child.stdout), once(child, 'close')])
      assert.ok(asked.includes(place), `${name}: ${said.trim()}; asked were ${asked.join(' ')}`)
    }),
  )
  assert.equal(trapped, 0)
})

async function prepareFiles(home: string, trap: string): Promise<void> {
  const office = `sso_account_id = 012345678901\nsso_role_name = Reader\nendpoint_url = ${trap}\nservices = all\n`
  const service = ['s3', 'sso', 'sso_oidc', 'sts'].map(name => `${name} =\n  endpoint_url = ${trap}\n`)
  const config = `
[default]
endpoint_url = ${trap}
[profile office]
sso_session = s
${office}
[profile renewed]
sso_session = old
${office}
[profile role]
role_arn = arn:aws:iam::012345678901:role/r
source_profile = keys
region = eu-central-1
endpoint_url = ${trap}
[profile keys]
aws_access_key_id = AKIAQUOKKAZEPHYRUS01
aws_secret_access_key = secret
[sso-session s]
sso_start_url = https://office.test/start
sso_region = eu-central-1
[sso-session old]
sso_start_url = https://office.test/start
sso_region = eu-central-1
[services all]
${service.join('')}`
  const cache = join(home, '.aws/sso/cache')
  await mkdir(cache, { recursive: true })
  await writeFile(join(home, '.aws/config'), config)
  const inADay = new Date(Date.now() + 24 * 3_600_000).toISOString()
  const token = (expiresAt: string) =>
    JSON.stringify({
      accessToken: 'x',
      expiresAt,
      refreshToken: 'r',
      clientId: 'c',
      clientSecret: 's',
      registrationExpiresAt: inADay,
    })
  await writeFile(join(cache, `${hash('sha1', 's')}.json`), token(inADay))
  await writeFile(join(cache, `${hash('sha1', 'old')}.json`), token('2020-01-01T00:00:00Z'))
}

async function listening(server: ReturnType<typeof createServer>) {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    server,
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server.close(), 'close')
      server.closeAllConnections()
      await closed
    },
  }
}
