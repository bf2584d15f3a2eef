import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { describeStrangers, surveyFolders } from './survey-folders.ts'

test('what is neither a plain file nor a folder is counted and named, and so is a name that is no text', {
  skip: process.platform === 'win32',
}, async () => {
  const root = mkdtempSync(join(tmpdir(), 'at-'))
  try {
    const folder = join(root, 'quarantine')
    mkdirSync(join(folder, 'a folder'), { recursive: true })
    writeFileSync(join(folder, 'caf\u00e9'), '')
    execFileSync('mkfifo', [join(folder, 'b')])
    symlinkSync('/etc/passwd', join(folder, 'c'))
    const server = createServer()
    await new Promise<void>(resolve => server.listen(join(folder, 's'), resolve))
    renameSync(join(folder, 's'), join(folder, 'd'))
    await new Promise(resolve => server.close(resolve))
    const bytes = [0xe9, 0xe8].map(byte => Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.of(byte)]))
    for (const path of bytes) writeFileSync(path, '')

    const found = surveyFolders([join(root, 'nothing'), folder])
    assert.equal(found.count, 5)
    assert.deepEqual(found.named.sort(), [
      'quarantine/b (a pipe)',
      'quarantine/c (a link)',
      'quarantine/caf\\xe8 (a name that is not UTF-8)',
      'quarantine/caf\\xe9 (a name that is not UTF-8)',
      'quarantine/d (a socket)',
    ])
    assert.match(describeStrangers(surveyFolders([folder, folder])), / and 5 more$/)
  } finally {
    rmSync(root, { recursive: true })
  }
})
