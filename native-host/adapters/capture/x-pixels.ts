import type { XPixels } from '../../platform/x11/session.ts'

/** Eight bits for each of red, green and blue, in four bytes: what nearly every display has, and what is stored. */
export function isBgrx({ bitsPerPixel, red, green, blue, lowestByteFirst }: XPixels): boolean {
  return bitsPerPixel === 32 && lowestByteFirst && red === 0xff0000 && green === 0xff00 && blue === 0xff
}

/** Whether the colours stand in the pixel itself: those of 8 bits look them up in a table. */
export function hasColours({ bitsPerPixel, red, green, blue }: XPixels): boolean {
  return bitsPerPixel % 8 === 0 && bitsPerPixel <= 32 && red !== 0 && green !== 0 && blue !== 0
}

/** Rows of an image as the server sends them, which are padded, as pixels of four bytes: 5 + 6 + 5 bits and 3 × 10 too. */
export function toBgrx(data: Buffer, width: number, rows: number, pixels: XPixels): Buffer {
  const bytes = pixels.bitsPerPixel / 8
  const pad = pixels.scanlinePad / 8
  const rowBytes = Math.ceil((width * bytes) / pad) * pad
  if (data.length < rowBytes * rows) throw new Error('the picture ends early')
  const [red, green, blue] = [pixels.red, pixels.green, pixels.blue].map(channelOf)
  if (!red || !green || !blue) throw new Error('a display without colours')
  const out = Buffer.alloc(4 * width * rows)
  let to = 0
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < width; column++, to += 4) {
      const at = row * rowBytes + column * bytes
      const pixel = pixels.lowestByteFirst ? data.readUIntLE(at, bytes) : data.readUIntBE(at, bytes)
      out[to] = blue(pixel)
      out[to + 1] = green(pixel)
      out[to + 2] = red(pixel)
    }
  return out
}

/** The part of a pixel that the mask covers, as one of 256. */
function channelOf(mask: number): (pixel: number) => number {
  const shift = 31 - Math.clz32(mask & -mask)
  const most = mask >>> shift
  const values = Uint8Array.from({ length: most + 1 }, (_, value) => Math.round((255 * value) / most))
  return pixel => values[((pixel & mask) >>> shift) & most] ?? 0
}
