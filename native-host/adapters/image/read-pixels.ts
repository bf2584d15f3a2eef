import { closeSync, openSync, readSync } from 'node:fs'
import type { RawPicture } from '../../ports.ts'

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

/** All of them as red, green, blue. */
export function readPixels(picture: RawPicture): Uint8Array {
  using rows = openPixels(picture)
  const { width, height } = rows
  const rgb = new Uint8Array(3 * width * height)
  const rowsAtOnce = Math.max(1, Math.floor(pixelsAtOnce / width))
  for (let row = 0, to = 0; row < height; row += rowsAtOnce) {
    const pixels = rows.read(row, Math.min(rowsAtOnce, height - row))
    for (let at = 0; at < pixels.length; at++) {
      const pixel = pixels[at] ?? 0
      rgb[to] = pixel >>> 16
      rgb[to + 1] = pixel >>> 8
      rgb[to + 2] = pixel
      to += 3
    }
  }
  return rgb
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
