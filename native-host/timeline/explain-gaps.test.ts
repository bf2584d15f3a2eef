import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Explained, explain, join, type Piece, uncovered, withoutTolerance } from './explain-gaps.ts'
import type { ClaimedCause, GapCause } from './gap-causes.ts'
import { toleranceMs } from './timeline-record.ts'

type Ends = [from: number, to: number]
const piece = ([from, to]: Ends): Piece => ({ from, to })
const ends = (pieces: readonly Piece[]) => pieces.map(({ from, to }): Ends => [from, to])
const s = (seconds: number) => 1000 * seconds
const gap = (cause: Explained['cause'], from: number, to: number, detail?: string): Explained => ({
  ...{ cause, from, to },
  ...(detail !== undefined && { detail }),
})

const holes: [what: string, pieces: Ends[], expected: Ends[]][] = [
  ['nothing leaves all of it', [], [[10, 90]]],
  [
    'a piece in the middle leaves both ends',
    [[30, 40]],
    [
      [10, 30],
      [40, 90],
    ],
  ],
  [
    'pieces may come in any order',
    [
      [60, 70],
      [30, 40],
    ],
    [
      [10, 30],
      [40, 60],
      [70, 90],
    ],
  ],
  [
    'a short piece within a long one covers no less',
    [
      [20, 60],
      [30, 40],
    ],
    [
      [10, 20],
      [60, 90],
    ],
  ],
  [
    'pieces that touch leave nothing between them',
    [
      [10, 30],
      [30, 90],
    ],
    [],
  ],
  ['what reaches over both ends leaves nothing', [[0, 100]], []],
  ['what begins at the very end changes nothing', [[90, 95]], [[10, 90]]],
  ['what begins behind the end changes nothing', [[95, 99]], [[10, 90]]],
]
describe('of a span from 10 to 90 is not covered', () => {
  for (const [what, pieces, expected] of holes)
    test(what, () => assert.deepEqual(ends(uncovered(pieces.map(piece), piece([10, 90]))), expected))
})

const claim = (cause: GapCause, from: number, to: number, detail?: string): ClaimedCause => ({
  cause,
  from,
  to,
  detail,
  rank: 0,
})
const explanations: [what: string, claims: ClaimedCause[], expected: Explained[]][] = [
  ['nothing that is claimed', [], [gap('unexplained', s(10), s(90))]],
  ['one claim for all of it', [claim('paused', s(0), s(99), 'cli')], [gap('paused', s(10), s(90), 'cli')]],
  [
    'one for its middle',
    [claim('locked', s(20), s(30))],
    [gap('locked', s(20), s(30)), gap('unexplained', s(10), s(20)), gap('unexplained', s(30), s(90))],
  ],
  [
    'the stronger first, and the weaker for what is left',
    [claim('paused', s(20), s(50)), claim('locked', s(10), s(90))],
    [gap('paused', s(20), s(50)), gap('locked', s(10), s(20)), gap('locked', s(50), s(90))],
  ],
  [
    'the weaker for the one piece that is left',
    [claim('paused', s(0), s(50)), claim('locked', s(0), s(99))],
    [gap('paused', s(10), s(50)), gap('locked', s(50), s(90))],
  ],
  ['a claim that ends where it begins', [claim('paused', s(0), s(10))], [gap('unexplained', s(10), s(90))]],
  ['a claim that begins where it ends', [claim('paused', s(90), s(99))], [gap('unexplained', s(10), s(90))]],
  [
    'all but less than the tolerance',
    [claim('paused', s(10) + toleranceMs - 1, s(90))],
    [gap('paused', s(10) + toleranceMs - 1, s(90))],
  ],
  [
    'all but the tolerance',
    [claim('paused', s(10) + toleranceMs, s(90))],
    [gap('paused', s(10) + toleranceMs, s(90)), gap('unexplained', s(10), s(10) + toleranceMs)],
  ],
]
describe('a gap from 10 to 90 s is explained by', () => {
  for (const [what, claims, expected] of explanations)
    test(what, () => assert.deepEqual(explain(piece([s(10), s(90)]), claims), expected))
})

const joins: [what: string, gaps: Explained[], expected: Explained[]][] = [
  ['that touch', [gap('locked', 0, s(5)), gap('locked', s(5), s(9))], [gap('locked', 0, s(9))]],
  ['in any order', [gap('locked', s(5), s(9)), gap('locked', 0, s(5))], [gap('locked', 0, s(9))]],
  [
    'less than the tolerance apart',
    [gap('locked', 0, s(5)), gap('locked', s(5) + toleranceMs - 1, s(9))],
    [gap('locked', 0, s(9))],
  ],
  [
    'the tolerance apart',
    [gap('locked', 0, s(5)), gap('locked', s(5) + toleranceMs, s(9))],
    [gap('locked', 0, s(5)), gap('locked', s(5) + toleranceMs, s(9))],
  ],
  [
    'of which one is within the other',
    [gap('locked', 0, s(9)), gap('locked', s(2), s(5))],
    [gap('locked', 0, s(9))],
  ],
  [
    'of two causes',
    [gap('locked', 0, s(5)), gap('asleep', s(5), s(9))],
    [gap('locked', 0, s(5)), gap('asleep', s(5), s(9))],
  ],
  [
    'of two people',
    [gap('paused', 0, s(5), 'cli'), gap('paused', s(5), s(9), 'chromium')],
    [gap('paused', 0, s(5), 'cli'), gap('paused', s(5), s(9), 'chromium')],
  ],
]
describe('two gaps are one', () => {
  for (const [what, gaps, expected] of joins)
    test(what, () => {
      const before = structuredClone(gaps)
      assert.deepEqual(join(gaps), expected)
      assert.deepEqual(gaps, before, 'the argument stays unchanged')
    })
})

const short = (from: number, cause: GapCause = 'locked') => gap(cause, from, from + 1000)
const seams: [what: string, gaps: Explained[], kept: number[]][] = [
  ['one that is shorter than a seam goes', [short(0)], []],
  ['one of a seam stays', [gap('locked', 0, toleranceMs)], [0]],
  ['two that touch stay', [short(0), short(1000, 'asleep')], [0, 1000]],
  [
    'three that touch stay where only all of them together exceed the tolerance',
    [0, 600, 1200].map(from => gap('locked', from, from + 600)),
    [0, 600, 1200],
  ],
  ['two that do not touch go', [short(0), short(1001)], []],
  ['one beside a long one goes', [short(0), gap('asleep', 1000, 9000), short(9000)], [1000]],
  [
    'two before a long one stay',
    [short(0), short(1000, 'asleep'), gap('paused', 2000, 9000)],
    [0, 1000, 2000],
  ],
  ['one long before two that touch goes', [short(0), short(5000), short(6000, 'asleep')], [5000, 6000]],
]
describe('of short gaps', () => {
  for (const [what, gaps, kept] of seams)
    test(what, () =>
      assert.deepEqual(
        withoutTolerance(gaps).map(({ from }) => from),
        kept,
      ),
    )
})
