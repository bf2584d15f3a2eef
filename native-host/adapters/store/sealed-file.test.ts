import assert from 'node:assert/strict'
import { hash, randomBytes } from 'node:crypto'
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { SealedBytes } from '../../delivery/ports.ts'
import { openSealedFile } from './sealed-file.ts'

const part = 8 * 1024 * 1024
const size = 2 * part + 1000
const bytes = randomBytes(size)
const sha256 = hash('sha256', bytes)
const last = size - 1
const damaged = Buffer.concat([bytes.subarray(0, last), Buffer.of((bytes[last] ?? 0) ^ 1)])

const parts = (sealed: SealedBytes) => [0, part, 2 * part].map(from => () => sealed.slice(from, from + part))

/** What is read before it has to be proven. */
const readings: [how: string, read: (sealed: SealedBytes) => Promise<unknown>][] = [
  ['unread', async () => undefined],
  ['read from its beginning to its end', sealed => Promise.all(parts(sealed).map(read => read()))],
  [
    'read from its beginning to its end after a look at its header',
    async sealed => {
      await sealed.slice(0, 100)
      for (const read of parts(sealed)) await read()
    },
  ],
  [
    'read but for its first part',
    sealed =>
      Promise.all(
        parts(sealed)
          .slice(1)
          .map(read => read()),
      ),
  ],
  [
    'read backwards',
    sealed =>
      Promise.all(
        parts(sealed)
          .reverse()
          .map(read => read()),
      ),
  ],
  [
    'read in part and again',
    async sealed => Promise.all([...parts(sealed).slice(0, 2), ...parts(sealed)].map(read => read())),
  ],
]
for (const [how, read] of readings) {
  test(`a large file, ${how}: proven when it is whole, and damaged when its last byte is another`, async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'at-sealed-'))
    const path = join(folder.path, 'file')
    for (const [stored, outcome] of [
      [bytes, 'proven'],
      [damaged, 'STORE_DAMAGED'],
    ] as const) {
      await writeFile(path, stored)
      await using sealed = await openSealedFile(path, sha256)
      assert.ok(sealed)
      await read(sealed)
      const proof = sealed.proven().then(
        () => 'proven',
        error => error.code,
      )
      assert.equal(await proof, outcome)
    }
  })
}

test('a large file of which something wrong was read is not proven, although it is right when looked at again', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'at-sealed-'))
  const path = join(folder.path, 'file')
  await writeFile(path, damaged)
  await using sealed = await openSealedFile(path, sha256)
  assert.ok(sealed)
  for (const read of parts(sealed)) await read()
  await writeFile(path, bytes)
  await assert.rejects(sealed.proven(), { code: 'FILE_UNREADABLE' })
})
