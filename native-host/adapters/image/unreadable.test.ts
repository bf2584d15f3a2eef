import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pixelsOf } from './read-pixels.ts'
import { makeUnreadable } from './unreadable.ts'

/** Fine stripes could come out as coarse ones, which a blur keeps. */
for (const upright of [true, false])
  for (const period of [2, 2.2, 3, 4, 4.1, 5, 7.8, 8, 8.2, 16, 33, 60])
    test(`of ${upright ? 'upright' : 'level'} stripes every ${period} px two levels of 255 are left at most`, async () => {
      const [width, height] = upright ? [1600, 256] : [256, 1600]
      const levels = Uint8Array.from({ length: width * height }, (_, i) => {
        const at = upright ? i % width : Math.floor(i / width)
        return at % period < period / 2 ? 255 : 0
      })
      const rgb = Uint8Array.from({ length: 3 * levels.length }, (_, i) => levels[Math.floor(i / 3)] ?? 0)
      const blurred = await makeUnreadable(pixelsOf(rgb, width, height), { scalePercent: 100, scale: 1 })
      // Along the middle, where no border shows through.
      const step = upright ? 1 : blurred.width
      const start = upright ? (blurred.height >> 1) * blurred.width : blurred.width >> 1
      const count = upright ? blurred.width : blurred.height
      const line = Array.from({ length: count }, (_, i) => blurred.pixels[3 * (start + i * step)] ?? 0).slice(
        25,
        -25,
      )
      const contrast = Math.max(...line) - Math.min(...line)
      assert.ok(contrast <= 2, `${contrast} levels`)
    })

const sizes: [
  what: string,
  width: number,
  height: number,
  options: { scalePercent: number; scale: number },
  stored: [number, number],
][] = [
  ['an eighth', 1920, 1080, { scalePercent: 100, scale: 1 }, [240, 135]],
  ['less where letters are drawn twice as large', 1920, 1080, { scalePercent: 100, scale: 2 }, [120, 68]],
  ['less where there are more pixels', 3840, 2160, { scalePercent: 100, scale: 1 }, [240, 135]],
  ['not more than the scale allows', 1920, 1080, { scalePercent: 5, scale: 1 }, [96, 54]],
]
for (const [what, width, height, options, stored] of sizes)
  test(`it keeps ${what}`, async () => {
    const black = pixelsOf(new Uint8Array(3 * width * height), width, height)
    const blurred = await makeUnreadable(black, options)
    assert.deepEqual([blurred.width, blurred.height], stored)
  })
