import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { s3Destination } from '../../native-host/adapters/destination/s3/destination.ts'
import { s3Settings, s3World } from '../support/s3-world.ts'
import { sealedBytes } from '../support/sealed-bytes.ts'

const keys = { accessKeyId: 'ID', secretAccessKey: 'correct-horse-battery' }
const sealed = sealedBytes('sealed')
const md5 = createHash('md5').update('sealed').digest('hex')

describe('https to a server with a certificate of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'at-ca-'))
  const [key, cert, other] = ['key', 'cert', 'other'].map(name => join(folder, `${name}.pem`))
  before(() => {
    const request = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
    ]
    const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
    for (const out of [other, cert])
      execFileSync('openssl', [...request, ...subject, '-keyout', `${key}`, '-out', `${out}`], {
        stdio: 'ignore',
      })
  })
  after(() => rmSync(folder, { recursive: true }))

  async function put(caFile: string | undefined): Promise<void> {
    const server = createTlsServer(
      { key: readFileSync(`${key}`), cert: readFileSync(`${cert}`) },
      (request, response) => {
        request.resume().once('end', () => response.writeHead(200, { etag: `"${md5}"` }).end())
      },
    )
    await once(server.listen(0, '127.0.0.1'), 'listening')
    // TypeScript cannot know that a server on a TCP port has no path as its address.
    const { port } = server.address() as AddressInfo
    const settings = s3Settings({ endpoint: `https://127.0.0.1:${port}`, ca_file: caFile ?? '' })
    try {
      await s3Destination(settings, s3World(keys)).put('k', sealed, new AbortController().signal)
    } finally {
      server.closeAllConnections()
      await once(server.close(), 'close')
    }
  }

  test('is not trusted', async () => {
    await assert.rejects(put(undefined), { code: 'TLS_INTERCEPTED' })
  })
  test('is not trusted either where the environment says not to check', async () => {
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
    try {
      await assert.rejects(put(undefined), { code: 'TLS_INTERCEPTED' })
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
    }
  })
  test('is trusted with its certificate in the ca_file', () => put(cert))
  test('is not trusted with another certificate in it', async () => {
    await assert.rejects(put(other), { code: 'TLS_INTERCEPTED' })
  })
  test('a ca_file that is not there, and one without a certificate, are named', async () => {
    const missing = join(folder, 'missing.pem')
    await assert.rejects(put(missing), { code: 'FILE_UNREADABLE', detail: missing })
    const [empty, broken] = [join(folder, 'empty.pem'), join(folder, 'broken.pem')]
    writeFileSync(empty, 'hello')
    writeFileSync(broken, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')
    for (const file of [empty, broken])
      await assert.rejects(put(file), { code: 'CA_FILE_INVALID', detail: file })
  })
})
