import sharp, { type Sharp } from 'sharp'
import type { EditOptions, GrabbedPicture, Picture } from '../../ports.ts'
import { readPixels } from './read-pixels.ts'

/** Encoding harder saves a tenth of the bytes for five times the time. */
const effort = 0

/**
 * Unreadable means that the strokes of letters are gone, not that they are smeared: a plain blur keeps them, only
 * fainter, and can be undone. So the picture is reduced until a letter of 110 px is 14 px high, blurred until the
 * contrast between the strokes of such a letter is less than 8 bits can hold, and stored at that size. With a sigma of
 * 2.5 OCR finds nothing either, but a person reads the words once the blur is undone.
 *
 * A screen of more pixels shows larger letters: what counts is how many Full HD screens high it is, or wide if it
 * stands upright.
 */
const blurred = {
  reduceBy: 8,
  onShortSide: 1080,
  // Sharper kernels turn fine stripes into coarse ones, which no blur removes.
  kernel: 'linear',
  // By default sharp cuts the bell curve off where it is still a fifth of its height, and stripes shine through.
  blur: { sigma: 4, minAmplitude: 0.001, precision: 'float' },
} as const

/** What an ImageEditor does, in this process. @throws whatever sharp throws when the bytes are no picture */
export async function editPicture(
  picture: GrabbedPicture,
  { scalePercent, quality, blur }: EditOptions,
): Promise<Picture> {
  const image = open(picture)
  const { width, height } = await image.metadata()
  const size = { width, height }
  const edited = blur ? unreadable(image, size, scalePercent) : scaled(image, size, scalePercent / 100)
  const webp = edited.flatten().webp({ quality, effort })
  const { data, info } = await webp.toBuffer({ resolveWithObject: true })
  return { bytes: data, format: 'webp', width: info.width, height: info.height }
}

function open(picture: GrabbedPicture): Sharp {
  if (picture.form === 'encoded') return sharp(picture.bytes)
  const { width, height } = picture
  return sharp(readPixels(picture), { raw: { width, height, channels: 3 } })
}

type Size = { width: number; height: number }

function unreadable(image: Sharp, size: Size, scalePercent: number): Sharp {
  const screens = Math.max(1, Math.min(size.width, size.height) / blurred.onShortSide)
  const factor = Math.min(scalePercent / 100, 1 / (blurred.reduceBy * screens))
  return scaled(image, size, factor, blurred.kernel).blur(blurred.blur)
}

function scaled(image: Sharp, size: Size, factor: number, kernel: 'lanczos3' | 'linear' = 'lanczos3'): Sharp {
  const pixels = (length: number) => Math.max(1, Math.round(length * factor))
  return image.resize(pixels(size.width), pixels(size.height), { fit: 'fill', kernel })
}
