import { join } from 'node:path'
import { s3Destination } from '../../native-host/adapters/destination/s3/destination.ts'
import { openMultipartProgress } from '../../native-host/adapters/store/multipart-sqlite.ts'
import { openSealedFile } from '../../native-host/adapters/store/sealed-file.ts'
import { openDatabase } from '../../native-host/adapters/store/sqlite.ts'
import { s3Settings, s3World } from './s3-world.ts'

/** One upload in a process of its own, to be killed in the middle: `node upload-once.ts JSON`. */
export type UploadOnce = {
  /** Where state.db is, and the file `object`. */
  folder: string
  sha256: string
  key: string
  endpoint: string
  prefix: string
  keys: { accessKeyId: string; secretAccessKey: string }
}

export async function uploadOnce({ folder, sha256, key, endpoint, prefix, keys }: UploadOnce): Promise<void> {
  const { db } = openDatabase(join(folder, 'state.db'))
  try {
    await using sealed = await openSealedFile(join(folder, 'object'), sha256)
    if (!sealed) throw new Error('the object is damaged')
    const world = s3World(keys, { uploads: openMultipartProgress(db) })
    const destination = s3Destination(s3Settings({ endpoint, prefix }), world)
    await destination.put(key, sealed, new AbortController().signal)
  } finally {
    db.close()
  }
}

const [task] = process.argv.slice(2)
// The test hands over what it has made itself.
if (import.meta.main && task !== undefined) await uploadOnce(JSON.parse(task) as UploadOnce)
