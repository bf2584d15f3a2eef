import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openUnstoredCounts } from '../../native-host/adapters/store/unstored-counts.ts'
import { fakeUnstored } from '../fakes-storage.ts'
import { unstoredCountsContract } from './unstored-counts-contract.ts'

unstoredCountsContract('file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unstored-'))
  const opened = new DisposableStack()
  let stored = 0
  return {
    open: () => opened.use(openUnstoredCounts(join(folder, 'unstored-counts'), () => stored)),
    store(count) {
      stored += count
    },
    [Symbol.dispose]() {
      opened.dispose()
      rmSync(folder, { recursive: true })
    },
  }
})

unstoredCountsContract('fake', () => {
  let stored = 0
  const counts = fakeUnstored(() => stored)
  return {
    open: () => counts,
    store(count) {
      stored += count
    },
    [Symbol.dispose]: () => undefined,
  }
})
