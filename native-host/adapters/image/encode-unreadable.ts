import type { EditOptions, Picture } from '../../screenshots/ports.ts'
import { encodeJpeg } from './encode-jpeg.ts'
import type { PixelRows } from './read-pixels.ts'
import { makeUnreadable } from './unreadable.ts'

/** What is stored of a picture that is to be blurred. */
export async function encodeUnreadable(rows: PixelRows, options: EditOptions): Promise<Picture> {
  const blurred = await makeUnreadable(rows, options)
  const { width, height } = blurred
  return { bytes: encodeJpeg(blurred, options.quality), format: 'jpeg', width, height }
}
