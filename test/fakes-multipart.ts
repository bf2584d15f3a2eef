import type { MultipartProgress, MultipartUpload } from '../native-host/adapters/destination/s3/ports.ts'
import { fakeDisk } from './fakes-storage.ts'

export function fakeMultipartProgress(disk = fakeDisk()): MultipartProgress {
  const uploads = new Map<string, MultipartUpload>()
  return {
    get: key => structuredClone(uploads.get(key)),
    begin(key, { uploadId, place, partBytes }) {
      disk.write()
      uploads.set(key, { uploadId, place, partBytes, parts: [] })
    },
    addPart(key, { number, etag, sha256 }) {
      disk.write()
      const upload = uploads.get(key)
      if (!upload) return
      const others = upload.parts.filter(part => part.number !== number)
      upload.parts = [...others, { number, etag, sha256 }].sort((a, b) => a.number - b.number)
    },
    forget: key => void uploads.delete(key),
    all: () => [...uploads].sort().map(([key, { uploadId, place }]) => ({ key, uploadId, place })),
  }
}
