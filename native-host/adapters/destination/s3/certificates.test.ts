import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { getCACertificates } from 'node:tls'
import { readCertificates } from './connection.ts'

const root = mkdtempSync(join(tmpdir(), 'at-'))
after(() => rmSync(root, { recursive: true }))
const bundle = join(root, 'ca.pem')
writeFileSync(bundle, getCACertificates('bundled')[0] ?? '', { mode: 0o644 })

test('certificates are read, also through a link', async () => {
  const link = join(root, 'link.pem')
  symlinkSync(bundle, link)
  assert.equal((await readCertificates(bundle)).length, 1)
  assert.equal((await readCertificates(link)).length, 1)
})

test('a file that every user can change says nothing of whom to trust', async () => {
  chmodSync(bundle, 0o666)
  await assert.rejects(readCertificates(bundle), { code: 'PLACE_NOT_SAFE' })
  chmodSync(bundle, 0o664)
  assert.equal((await readCertificates(bundle)).length, 1)
})

test('a pipe in its place is not waited for, and nothing is read from a device', {
  timeout: 5000,
}, async () => {
  const pipe = join(root, 'pipe.pem')
  execFileSync('mkfifo', [pipe])
  for (const path of [pipe, '/dev/zero', root])
    await assert.rejects(readCertificates(path), { code: 'PLACE_NOT_SAFE' })
})
