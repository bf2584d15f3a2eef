import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openMultipartProgress } from '../../native-host/adapters/store/multipart-sqlite.ts'
import { fakeMultipartProgress } from '../fakes-multipart.ts'
import { fakeDisk } from '../fakes-storage.ts'
import { multipartContract } from './multipart-contract.ts'
import { stateDatabase } from './state-database.ts'

multipartContract('sqlite', () => {
  const state = stateDatabase()
  return { ...state, open: () => openMultipartProgress(state.reopen()) }
})

multipartContract('fake', () => {
  const disk = fakeDisk()
  const progress = fakeMultipartProgress(disk)
  return {
    open: () => progress,
    fillDisk: () => disk.fail('DISK_FULL'),
    freeDisk: disk.recover,
    [Symbol.dispose]: () => undefined,
  }
})

test('rows that make no sense count as not known, so that the object is sent again', () => {
  using state = stateDatabase()
  const db = state.reopen()
  const progress = openMultipartProgress(db)
  progress.begin('k', { uploadId: 'u', place: 'here', partBytes: 5 })
  progress.addPart('k', { number: 1, etag: '"e"', sha256: 'ab' })
  progress.addPart('k', { number: 2, etag: '', sha256: 'ab' })
  assert.deepEqual(
    progress.get('k')?.parts.map(({ number }) => number),
    [1],
  )
  db.exec(`UPDATE multipart_upload SET part_bytes = 0`)
  assert.equal(progress.get('k'), undefined)
  assert.deepEqual(progress.all(), [])
})
