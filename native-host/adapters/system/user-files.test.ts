import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { AppError } from '../../../protocol/errors.ts'
import { makeUserFolder, readDelivered } from './user-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'at-'))
after(() => rmSync(folder, { recursive: true }))

test('an object is read as a plain file alone, whatever takes its place after it was found', async () => {
  const plain = join(folder, 'plain')
  writeFileSync(plain, 'sealed')
  assert.equal(Buffer.from(await readDelivered(plain)).toString(), 'sealed')
  const [link, pipe] = [join(folder, 'link'), join(folder, 'pipe')]
  symlinkSync(plain, link)
  execFileSync('mkfifo', [pipe])
  for (const path of [link, pipe, folder, '/dev/zero'])
    await assert.rejects(readDelivered(path), error => error instanceof AppError, path)
})

test('several writers at once make one folder', async () => {
  const path = join(folder, 'new', 'folder')
  await Promise.all(Array.from({ length: 20 }, () => makeUserFolder(path)))
})

test('a file in the place of a folder is named', async () => {
  const path = join(folder, 'file')
  writeFileSync(path, '')
  await assert.rejects(
    makeUserFolder(path),
    error =>
      error instanceof AppError &&
      error.code === 'FILE_NOT_WRITABLE' &&
      !!error.detail?.includes('a file is in the place'),
  )
})

test('where no folder can be made, that is said', async () => {
  await assert.rejects(makeUserFolder('/proc/none/folder'), error => error instanceof AppError)
})
