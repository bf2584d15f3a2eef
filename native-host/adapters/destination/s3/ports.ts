import type { Extra } from '../../../delivery/upload-extras.ts'

/**
 * Uploads in parts that have begun and are not complete, so that a process that follows a killed one sends only what
 * is missing. `place` says which bucket of which server it is: a part stored in one is worth nothing to another.
 */
export type MultipartProgress = {
  get(key: string): MultipartUpload | undefined
  /** Durable when it returns. @throws AppError DISK_FULL | STORE_NOT_WRITABLE */
  begin(key: string, upload: Omit<MultipartUpload, 'parts'>): void
  /** Durable when it returns. @throws AppError DISK_FULL | STORE_NOT_WRITABLE */
  addPart(key: string, part: UploadedPart): void
  forget(key: string): void
  /** Every upload that was begun and not forgotten: those that no item needs any more are to be aborted. */
  all(): { key: string; uploadId: string; place: string }[]
}

export type MultipartUpload = { uploadId: string; place: string; partBytes: number; parts: UploadedPart[] }

export type UploadedPart = { number: number; etag: string; sha256: string }

export type S3Facts = {
  /** What the bucket of a server does not take beside an upload; the latest last. */
  refused_extras: readonly { place: string; extras: readonly Extra[] }[]
}
