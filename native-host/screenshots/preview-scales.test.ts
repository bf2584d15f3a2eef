import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type PreviewSize, previewScales } from './preview-scales.ts'

const rows: [width: number, size: PreviewSize, best: number][] = [
  [1920, 'small', 320],
  [1920, 'large', 1600],
  [1600, 'large', 1600],
  [960, 'large', 960],
  [120, 'small', 120],
]
for (const [width, size, best] of rows)
  test(`a ${size} preview of ${width} pixels is ${best} wide, or less where that is too many bytes`, () => {
    const widths = previewScales({ width }, size).map(percent => Math.round((width * percent) / 100))
    assert.deepEqual(widths, [best, best / 2, best / 4])
  })
