import * as v from 'valibot'
import type { MultipartProgress } from '../destination/s3/ports.ts'
import { type Database, inDatabase, makingRoom, transaction } from './sqlite.ts'

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(1))
const text = v.pipe(v.string(), v.minLength(1))
const uploadRow = v.object({ key: text, upload_id: text, place: text, part_bytes: whole })
const partRow = v.object({ number: whole, etag: text, sha256: text })

/**
 * Multipart uploads in the state database, durable at once. What cannot be read counts as not known: that costs
 * sending it again, while an error would keep the object here for ever.
 */
export function openMultipartProgress(db: Database): MultipartProgress {
  const selectUpload = db.prepare('SELECT * FROM multipart_upload WHERE key = ?')
  const selectUploads = db.prepare('SELECT * FROM multipart_upload ORDER BY key')
  const selectParts = db.prepare('SELECT * FROM multipart_part WHERE key = ? ORDER BY number')
  const insertUpload = db.prepare(
    'INSERT INTO multipart_upload (key, upload_id, place, part_bytes) VALUES (?, ?, ?, ?)',
  )
  const replacePart = db.prepare(
    'REPLACE INTO multipart_part (key, number, etag, sha256) VALUES (?, ?, ?, ?)',
  )
  const removeUpload = db.prepare('DELETE FROM multipart_upload WHERE key = ?')
  const removeParts = db.prepare('DELETE FROM multipart_part WHERE key = ?')

  function forget(key: string): void {
    removeParts.run(key)
    removeUpload.run(key)
  }

  return {
    get(key) {
      const upload = v.safeParse(
        uploadRow,
        inDatabase(db, () => selectUpload.get(key)),
      )
      if (!upload.success) return undefined
      const { upload_id: uploadId, place, part_bytes: partBytes } = upload.output
      const rows = inDatabase(db, () => selectParts.all(key))
      const parts = rows.flatMap(row => {
        const part = v.safeParse(partRow, row)
        return part.success ? [part.output] : []
      })
      return { uploadId, place, partBytes, parts }
    },

    begin(key, { uploadId, place, partBytes }) {
      transaction(db, () => {
        forget(key)
        insertUpload.run(key, uploadId, place, partBytes)
      })
    },

    addPart(key, { number, etag, sha256 }) {
      inDatabase(db, () => replacePart.run(key, number, etag, sha256))
    },

    // Also on a full disk: an upload that ends is what makes room.
    forget: key => makingRoom(db, () => transaction(db, () => forget(key))),

    all() {
      const rows = inDatabase(db, () => selectUploads.all())
      return rows.flatMap(row => {
        const upload = v.safeParse(uploadRow, row)
        if (!upload.success) return []
        const { key, upload_id: uploadId, place } = upload.output
        return [{ key, uploadId, place }]
      })
    },
  }
}
