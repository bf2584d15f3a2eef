import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { MultipartProgress } from '../../native-host/adapters/destination/s3/ports.ts'

export type MultipartWorld = Disposable & {
  /** Anew, as after a restart. */
  open(): MultipartProgress
  fillDisk(): void
  freeDisk(): void
}

const upload = { uploadId: '2~abc', place: 'here', partBytes: 8_388_608 }
const part = (number: number, etag = `"etag-${number}"`) => ({ number, etag, sha256: 'ab'.repeat(32) })

/** What every memory of unfinished uploads does. */
export function multipartContract(name: string, make: () => MultipartWorld): void {
  describe(`multipart progress: ${name}`, () => {
    test('an upload that was not begun is not known, and forgetting it is no error', () => {
      using world = make()
      assert.equal(world.open().get('k'), undefined)
      world.open().forget('k')
      assert.deepEqual(world.open().all(), [])
    })

    test('an upload and its parts come back after a restart, in order', () => {
      using world = make()
      const progress = world.open()
      progress.begin('k', upload)
      for (const number of [3, 1, 10]) progress.addPart('k', part(number))
      assert.deepEqual(world.open().get('k'), { ...upload, parts: [part(1), part(3), part(10)] })
      assert.deepEqual(world.open().all(), [{ key: 'k', uploadId: upload.uploadId, place: 'here' }])
    })

    test('a part that is sent again replaces the first one', () => {
      using world = make()
      const progress = world.open()
      progress.begin('k', upload)
      progress.addPart('k', part(1))
      progress.addPart('k', part(1, '"other"'))
      assert.deepEqual(world.open().get('k')?.parts, [part(1, '"other"')])
    })

    test('starting over forgets the parts of the upload before', () => {
      using world = make()
      const progress = world.open()
      progress.begin('k', upload)
      progress.addPart('k', part(1))
      progress.begin('k', { ...upload, uploadId: '2~def' })
      assert.deepEqual(world.open().get('k'), { ...upload, uploadId: '2~def', parts: [] })
    })

    test('uploads do not touch each other', () => {
      using world = make()
      const progress = world.open()
      for (const key of ['a', 'b']) progress.begin(key, { ...upload, uploadId: key })
      progress.addPart('a', part(1))
      progress.addPart('b', part(2))
      progress.forget('a')
      assert.equal(world.open().get('a'), undefined)
      assert.deepEqual(world.open().get('b')?.parts, [part(2)])
      assert.deepEqual(
        world
          .open()
          .all()
          .map(({ key }) => key),
        ['b'],
      )
    })

    test('on a full disk nothing begins, and what is known stays', () => {
      using world = make()
      const progress = world.open()
      progress.begin('k', upload)
      world.fillDisk()
      const long = { ...upload, uploadId: 'x'.repeat(100_000) }
      assert.throws(() => progress.begin('l', long), { code: 'DISK_FULL' })
      assert.throws(() => progress.addPart('k', part(1, 'x'.repeat(100_000))), { code: 'DISK_FULL' })
      assert.deepEqual(progress.get('k'), { ...upload, parts: [] })
      world.freeDisk()
      progress.begin('l', long)
      assert.equal(world.open().get('l')?.uploadId, long.uploadId)
    })
  })
}
