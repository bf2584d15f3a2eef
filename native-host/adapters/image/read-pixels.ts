import { closeSync, openSync, readSync } from 'node:fs'
import type { RawPicture } from '../../ports.ts'

/** Enough rows at a time to be quick, few enough to stay in the processor's cache. */
const bytesAtATime = 256 * 1024

/** All pixels of the picture as red, green, blue. */
export function readPixels({ file, offset, width, height, order }: RawPicture): Uint8Array {
  const pixels = new Uint8Array(3 * width * height)
  const fd = openSync(file, 'r')
  try {
    if (order === 'rgb') {
      readFully(fd, pixels, offset)
      return pixels
    }
    const rowsAtOnce = Math.max(1, Math.floor(bytesAtATime / (4 * width)))
    const strip = new Uint8Array(4 * width * rowsAtOnce)
    for (let row = 0, to = 0; row < height; row += rowsAtOnce) {
      const bytes = strip.subarray(0, 4 * width * Math.min(rowsAtOnce, height - row))
      readFully(fd, bytes, offset + 4 * width * row)
      for (let from = 0; from < bytes.length; from += 4) {
        pixels[to++] = bytes[from + 2] ?? 0
        pixels[to++] = bytes[from + 1] ?? 0
        pixels[to++] = bytes[from] ?? 0
      }
    }
    return pixels
  } finally {
    closeSync(fd)
  }
}

/** @throws Error when the file ends before */
export function readFully(fd: number, into: Uint8Array, position: number): void {
  for (let done = 0; done < into.length; ) {
    const count = readSync(fd, into, done, into.length - done, position + done)
    if (count === 0) throw new Error('the picture ends early')
    done += count
  }
}
