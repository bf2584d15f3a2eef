import sharp, { type Sharp } from 'sharp'
import type { EditOptions, GrabbedPicture, Picture } from '../../screenshots/ports.ts'
import { encodeUnreadable } from './encode-unreadable.ts'
import { brightnessOf } from './fingerprint.ts'
import { pixelsOf, readPixels } from './read-pixels.ts'

/** Encoding harder saves a tenth of the bytes for five times the time. */
const webp = { effort: 0 }
/** The same for JPEG: tables of its own for each picture save a tenth as well. */
const jpeg = { optimiseCoding: false }

// Several threads finish a picture sooner and take more time together.
sharp.concurrency(1)
sharp.cache(false)

/** What an ImageEditor does, in this process. @throws what sharp throws when the bytes are no picture */
export async function editPicture(picture: GrabbedPicture, options: EditOptions): Promise<Picture> {
  if (options.blur) return encodeUnreadable(await decode(picture), options)
  const { scalePercent, quality, format = 'webp' } = options
  const image = open(picture)
  const { width, height } = await image.metadata()
  const pixels = (length: number) => Math.max(1, Math.round((length * scalePercent) / 100))
  const scaled = scalePercent === 100 ? image : image.resize(pixels(width), pixels(height), { fit: 'fill' })
  const encoded =
    format === 'webp'
      ? scaled.flatten().webp({ ...webp, quality })
      : scaled.flatten().jpeg({ ...jpeg, quality })
  const { data, info } = await encoded.toBuffer({ resolveWithObject: true })
  return { bytes: data, format, width: info.width, height: info.height }
}

/** What ImageEditor.fingerprint does, in this process. */
export async function fingerprintAt(picture: GrabbedPicture): Promise<Uint8Array> {
  return brightnessOf(await decode(picture))
}

/** Used again for the next picture: there is one at a time. */
let pixels: Uint8Array<ArrayBuffer> | undefined

function open(picture: GrabbedPicture): Sharp {
  if (picture.form === 'encoded') return sharp(picture.bytes)
  const { width, height } = picture
  pixels = readPixels(picture, pixels)
  return sharp(pixels, { raw: { width, height, channels: 3 } })
}

async function decode(picture: GrabbedPicture) {
  const image = open(picture).flatten().toColourspace('srgb')
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true })
  return pixelsOf(data, info.width, info.height)
}
