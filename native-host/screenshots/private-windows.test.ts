import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { OwnWindow } from '../../protocol/own-windows.ts'
import { assertWithin } from '../../test/support/pace.ts'
import { type BrowserWindow, privateAreas } from './private-windows.ts'

type Place = [x: number, y: number, width: number, height: number]
const [pid, otherPid] = [4000, 5000]
const left: Place = [0, 0, 900, 700]
const right: Place = [1000, 0, 800, 700]
const whole: Place = [0, 0, 1920, 1080]

let ids = 0
/** A window of Chromium, about which X gives no information. */
function onX(place: Place, more: Partial<BrowserWindow> = {}): BrowserWindow {
  const [x, y, width, height] = place
  const bounds = { x, y, width, height }
  const base = { id: ++ids, pid, of: undefined, bounds, area: bounds, state: 'shown' } as const
  return { ...base, part: 'window', said: 'nothing', ...more } as BrowserWindow
}

function told([left, top, width, height]: Place, more: Partial<OwnWindow> = {}): OwnWindow {
  return { left, top, width, height, state: 'open', private: false, ...more }
}

const reasonsOf = (windows: BrowserWindow[], ...profiles: OwnWindow[][]) =>
  privateAreas(
    windows,
    profiles.map(windows => ({ pid, windows })),
  ).map(({ reason, area }) => `${reason} at ${area.x}`)

const unmatched = 'browser-unmatched'
const private_ = 'private-window'
const isPrivate = { private: true }
const minimised = { state: 'minimised' } as const

const rows: [what: string, windows: () => BrowserWindow[], profiles: OwnWindow[][], hidden: string[]][] = [
  ['an ordinary window of a profile that says so', () => [onX(left)], [[told(left)]], []],
  ['a browser without the extension', () => [onX(left)], [], [`${unmatched} at 0`]],
  ['a profile that says it has no window', () => [onX(left)], [[]], [`${unmatched} at 0`]],
  [
    'the private window of one profile, and the ordinary one of another',
    () => [onX(left), onX(right)],
    [[told(left)]],
    [`${unmatched} at 1000`],
  ],
  [
    'windows of two profiles that both say so',
    () => [onX(left), onX(right)],
    [[told(left)], [told(right)]],
    [],
  ],
  [
    'a private window that its extension may see',
    () => [onX(left)],
    [[told(left, isPrivate)]],
    [`${private_} at 0`],
  ],
  [
    'a private window exactly upon an ordinary one: each may be it',
    () => [onX(whole), onX(whole)],
    [[told(whole)]],
    [`${unmatched} at 0`, `${unmatched} at 0`],
  ],
  [
    'two ordinary windows in the same place',
    () => [onX(whole), onX(whole)],
    [[told(whole), told(whole)]],
    [],
  ],
  [
    'a window reported over two connections: one of them lies, and neither counts',
    () => [onX(left), onX(right)],
    [[told(left)], [told(left), told(right)]],
    [`${unmatched} at 0`],
  ],
  [
    'a private window exactly upon an ordinary one, and more claims than windows',
    () => [onX(whole), onX(whole)],
    [Array.from({ length: 200 }, () => told(whole))],
    [`${unmatched} at 0`, `${unmatched} at 0`],
  ],
  [
    'a private window where an ordinary one is on another desktop',
    () => [onX(whole), onX(whole, { state: 'elsewhere' })],
    [[told(whole)]],
    [`${unmatched} at 0`],
  ],
  [
    'a private window where an ordinary one is minimised',
    () => [onX(whole), onX(whole, minimised)],
    [[told(whole, minimised)]],
    [`${unmatched} at 0`],
  ],
  [
    'an ordinary window where another ordinary one is minimised',
    () => [onX(whole), onX(whole, minimised)],
    [[told(whole), told(whole, minimised)]],
    [],
  ],
  [
    'a window that was moved since the extension reported it',
    () => [onX(right), onX(left)],
    [[told([400, 0, 800, 700]), told(left)]],
    [`${unmatched} at 1000`, `${unmatched} at 0`],
  ],
  ['a browser that rounds', () => [onX([15, 15, 1250, 770])], [[told([10, 10, 834, 514])]], []],
  [
    'a browser that counts in larger pixels',
    () => [onX([0, 0, 3840, 2160]), onX([3840, 30, 1251, 771])],
    [[told([0, 0, 2560, 1440]), told([2560, 20, 834, 514])]],
    [],
  ],
  [
    'a private window two pixels beside the ordinary one, which rounding may mean by either',
    () => [onX(left), onX([2, 0, 900, 700])],
    [[told([1, 0, 900, 700])]],
    [`${unmatched} at 0`, `${unmatched} at 2`],
  ],
  [
    'the same on a display of twice as many pixels, and four beside it',
    () => [onX([0, 0, 1800, 1400]), onX([4, 0, 1800, 1400])],
    [[told([1, 0, 900, 700])]],
    [`${unmatched} at 0`, `${unmatched} at 4`],
  ],
  [
    'a private window twice as large as the ordinary one: no scale says which is meant',
    () => [onX([0, 0, 400, 300]), onX([0, 0, 800, 600])],
    [[told([0, 0, 400, 300])]],
    [`${unmatched} at 0`, `${unmatched} at 0`],
  ],
  [
    'a private window beside the ordinary one by some pixels',
    () => [onX(left), onX([10, 10, 900, 700])],
    [[told(left)]],
    [`${unmatched} at 10`],
  ],
  [
    'Firefox, whose title says that it is private',
    () => [onX(left, { said: 'private' }), onX(right, { said: 'ordinary' })],
    [],
    [`${private_} at 0`],
  ],
  [
    'Firefox, whose title lies and whose extension sees it',
    () => [onX(left, { said: 'ordinary' })],
    [[told(left, isPrivate)]],
    [`${private_} at 0`],
  ],
  [
    'Firefox with a private window exactly upon an ordinary one',
    () => [onX(whole, { said: 'ordinary' }), onX([0, 0, 1920, 1080], { said: 'private' })],
    [[told(whole), told(whole, isPrivate)]],
    [`${private_} at 0`],
  ],
  ['a menu of an ordinary window', () => [onX(left), onX(right, { part: 'attached' })], [[told(left)]], []],
  [
    'a menu while any window of its browser may be private',
    () => [onX(left, { state: 'elsewhere' }), onX(right, { part: 'attached' })],
    [],
    [`${unmatched} at 1000`],
  ],
  [
    'a video on top whose window is minimised and may be private',
    () => [onX(whole), onX(left, minimised), onX(right, { part: 'attached' })],
    [[told(whole)]],
    [`${unmatched} at 1000`],
  ],
  ['windows that are not shown', () => [onX(left, minimised), onX(right, { state: 'elsewhere' })], [], []],
]
for (const [what, windows, profiles, hidden] of rows)
  test(`${what}: ${hidden.length === 0 ? 'nothing is hidden' : hidden.join(', ')}`, () => {
    assert.deepEqual(reasonsOf(windows(), ...profiles), hidden)
  })

test('a menu belongs to its window, with any other windows open', () => {
  const [ordinary, maybe] = [onX(left), onX(right)]
  const menu = (of: number) => onX([500, 0, 100, 100], { part: 'attached', of })
  const open = [ordinary, maybe, menu(ordinary.id), menu(maybe.id)]
  assert.deepEqual(reasonsOf(open, [told(left)]), [`${unmatched} at 1000`, `${unmatched} at 500`])
})

test('a report of one browser does not count in another, nor for a window without a process', () => {
  const windows = [onX(left, { pid: otherPid }), onX(right, { pid: undefined })]
  const hidden = privateAreas(windows, [{ pid, windows: [told(left), told(right)] }])
  assert.deepEqual(
    hidden.map(({ reason }) => reason),
    [unmatched, unmatched],
  )
})

test('property: no profile that sees its own windows alone makes the private window of another ordinary', () => {
  const place = fc.tuple(fc.nat(3), fc.nat(3), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
  const places = fc.array(place, { maxLength: 4 })
  const scale = fc.constantFrom(1, 1.25, 1.5, 2)
  fc.assert(
    fc.property(
      places,
      places,
      fc.array(place, { minLength: 1, maxLength: 3 }),
      scale,
      (one, two, secret, s) => {
        const grow = (places: Place[], by: number) =>
          places.map(([x, y, w, h]): Place => [200 * x * by, 200 * y * by, 200 * w * by, 200 * h * by])
        const hiddenOnes = grow(secret, s).map(each => onX(each))
        const windows = [...grow([...one, ...two], s).map(each => onX(each)), ...hiddenOnes]
        const hidden = privateAreas(
          windows,
          [one, two].map(own => ({ pid, windows: grow(own, 1).map(each => told(each)) })),
        )
        for (const { area } of hiddenOnes) assert.ok(hidden.some(found => found.area === area))
      },
    ),
    { numRuns: 3000 },
  )
})

test('the longest allowed reports cost next to nothing', async () => {
  const windows = Array.from({ length: 500 }, (_, n) => onX([n, n, 1000 + n, 700]))
  const own = Array.from({ length: 200 }, (_, n) => told([3 * n, n, 1001 + n, 555]))
  const since = performance.now()
  privateAreas(windows, [
    { pid, windows: own },
    { pid, windows: own },
  ])
  await assertWithin(1500, performance.now() - since)
})
