import assert from 'node:assert/strict'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findDelivered } from '../../native-host/adapters/system/delivered-objects.ts'
import { budgets } from '../../native-host/kernel/budgets.ts'
import { createPassingOver } from '../../native-host/verify/passed-over.ts'

async function inFolder(look: (path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'at-'))
  try {
    await look(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

const nameOf = (seq: number) => `${String(seq).padStart(12, '0')}-${'0'.repeat(64)}.records.ndjson.zst.age`
const touch = (path: string) => closeSync(openSync(path, 'w'))

/** How many objects are found, and what is passed over. */
async function found(path: string, limits?: Parameters<typeof findDelivered>[3]) {
  const passing = createPassingOver()
  const folders = await findDelivered([path], passing, {}, limits)
  return { count: folders.reduce((sum, { count }) => sum + count, 0), passed: passing.all() }
}

export const folderTrials = {
  folderDepth: () =>
    inFolder(async root => {
      const { most } = budgets.folderDepth
      const deepest = join(root, ...Array.from({ length: most - 1 }, () => 'd'))
      mkdirSync(join(deepest, 'd'), { recursive: true })
      touch(join(deepest, nameOf(1)))
      touch(join(deepest, 'd', nameOf(2)))
      assert.deepEqual(await found(root), {
        count: 1,
        passed: [{ kind: 'too deep', count: 1, path: join(deepest, 'd') }],
      })
    }),

  folderEntries: () =>
    inFolder(async root => {
      const most = 10
      const limits = { entries: most, folders: budgets.folders.most }
      for (let seq = 1; seq <= most; seq++) touch(join(root, nameOf(seq)))
      assert.deepEqual(await found(root, limits), { count: most, passed: [] })
      touch(join(root, nameOf(most + 1)))
      assert.deepEqual(await found(root, limits), {
        count: most,
        passed: [{ kind: 'too many', count: 1, path: root }],
      })
    }),

  folders: () =>
    inFolder(async root => {
      const most = 10
      const limits = { entries: budgets.folderEntries.most, folders: most }
      touch(join(root, nameOf(1)))
      // The root is one of them.
      for (let n = 1; n < most; n++) mkdirSync(join(root, String(n)))
      assert.deepEqual((await found(root, limits)).passed, [])
      mkdirSync(join(root, 'more'))
      const { passed } = await found(root, limits)
      assert.deepEqual(
        passed.map(({ kind, count }) => [kind, count]),
        [['too many', 1]],
      )
    }),
}
