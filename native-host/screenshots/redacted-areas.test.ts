import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reasonsOn } from './redacted-areas.ts'

const left = { x: 0, y: 0, width: 1920, height: 1080 }
const right = { x: 1920, y: 0, width: 1280, height: 1024 }
const at = (x: number, y: number, width = 100, height = 100) => ({ x, y, width, height })

const rows: [what: string, area: ReturnType<typeof at>, left: boolean, right: boolean][] = [
  ['in the middle of the left one', at(500, 500), true, false],
  ['on both', at(1900, 10), true, true],
  ['up to the edge between them', at(1820, 10), true, false],
  ['from the edge between them', at(1920, 10), false, true],
  ['with one pixel on the left one', at(1919, 10), true, true],
  ['below the right one, beside the left one', at(2000, 1024), false, false],
  ['mostly beyond the top left corner', at(-99, -99), true, false],
]
for (const [what, area, onLeft, onRight] of rows)
  test(`a window ${what}`, () => {
    const hidden = [{ area, reason: 'private-window' }] as const
    const found = [left, right].map(monitor => reasonsOn(monitor, hidden).length > 0)
    assert.deepEqual(found, [onLeft, onRight])
  })

test('a monitor that is not known shows every window there is', () => {
  assert.deepEqual(reasonsOn(undefined, [{ area: at(5000, 5000), reason: 'private-window' }]), [
    'private-window',
  ])
  assert.deepEqual(reasonsOn(undefined, []), [])
})

test('each reason is said once', () => {
  const reasons = ['private-window', 'excluded-application', 'private-window'] as const
  const hidden = reasons.map(reason => ({ area: at(10, 10), reason }))
  assert.deepEqual(reasonsOn(left, hidden), ['private-window', 'excluded-application'])
})
