import { closeSync, openSync, readSync } from 'node:fs'
import type { RawPicture } from '../../screenshots/ports.ts'

/** Rows of a picture, one pixel in each number: 0x..RRGGBB, the highest byte without meaning. */
export type PixelRows = Disposable & {
  width: number
  height: number
  /** `count` rows from `first` on, which are good until the next call. @throws Error when the picture ends before */
  read(first: number, count: number): Uint32Array
}

/** @throws Error when it is not there any more */
export function openPixels({ file, offset, width, height, order }: RawPicture): PixelRows {
  const fd = openSync(file, 'r')
  const bytesPerRow = width * (order === 'rgb' ? 3 : 4)
  let bytes = new Uint8Array(0)
  let pixels = new Uint32Array(0)
  return {
    width,
    height,
    read(first, count) {
      if (pixels.length < count * width) {
        pixels = new Uint32Array(count * width)
        bytes = order === 'rgb' ? new Uint8Array(count * bytesPerRow) : new Uint8Array(pixels.buffer)
      }
      const part = bytes.subarray(0, count * bytesPerRow)
      readFully(fd, part, offset + first * bytesPerRow)
      const read = pixels.subarray(0, count * width)
      if (order === 'rgb') packPixels(part, read)
      return read
    },
    [Symbol.dispose]: () => closeSync(fd),
  }
}

/** Pixels that are in memory already, as red, green, blue. */
export function pixelsOf(rgb: Uint8Array, width: number, height: number): PixelRows {
  const pixels = new Uint32Array(width * height)
  packPixels(rgb, pixels)
  return {
    width,
    height,
    read: (first, count) => pixels.subarray(first * width, (first + count) * width),
    [Symbol.dispose]: () => undefined,
  }
}

/** All of them as red, green, blue, in `into`, an earlier result, if that is of the right length: new memory is a third of the cost. */
export function readPixels(picture: RawPicture, into?: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  using rows = openPixels(picture)
  const { width, height } = rows
  const bytes = 3 * width * height
  // Whole words, of which the last may go beyond the end.
  const rgb =
    into?.length === bytes ? into : new Uint8Array(new ArrayBuffer(4 * Math.ceil(bytes / 4)), 0, bytes)
  const words = new Uint32Array(rgb.buffer)
  const rowsAtOnce = 4 * Math.max(1, Math.floor(pixelsAtOnce / width / 4))
  for (let row = 0; row < height; row += rowsAtOnce) {
    const pixels = rows.read(row, Math.min(rowsAtOnce, height - row))
    unpackPixels(pixels, words, (3 * row * width) / 4)
  }
  return rgb
}

/** Four pixels are three words (this is little-endian, as every processor that we run on). */
function unpackPixels(pixels: Uint32Array, words: Uint32Array, to: number): void {
  for (let at = 0; at < pixels.length; at += 4, to += 3) {
    const one = pixels[at] ?? 0
    const two = pixels[at + 1] ?? 0
    const three = pixels[at + 2] ?? 0
    const four = pixels[at + 3] ?? 0
    words[to] = ((one >>> 16) & 0xff) | (one & 0xff00) | ((one & 0xff) << 16) | ((two & 0xff0000) << 8)
    words[to + 1] = ((two >>> 8) & 0xff) | ((two & 0xff) << 8) | (three & 0xff0000) | ((three & 0xff00) << 16)
    words[to + 2] = (three & 0xff) | ((four >>> 8) & 0xff00) | ((four & 0xff00) << 8) | ((four & 0xff) << 24)
  }
}

/** So few that they stay in the processor's cache. */
const pixelsAtOnce = 64 * 1024

function packPixels(rgb: Uint8Array, pixels: Uint32Array): void {
  for (let at = 0, from = 0; at < pixels.length; at++, from += 3)
    pixels[at] = ((rgb[from] ?? 0) << 16) | ((rgb[from + 1] ?? 0) << 8) | (rgb[from + 2] ?? 0)
}

function readFully(fd: number, into: Uint8Array, position: number): void {
  for (let done = 0; done < into.length; ) {
    const count = readSync(fd, into, done, into.length - done, position + done)
    if (count === 0) throw new Error('the picture ends early')
    done += count
  }
}
