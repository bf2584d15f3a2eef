import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { strokeOf, verdictsOn } from '../../../test/support/rule-run.ts'
import { seededRandom } from '../../../test/support/seeded-random.ts'
import { loops } from './loops.ts'

type Way = [dx: number, dy: number][]
const surprise = (size: number, off = 0) => 2 * Math.log2((2 + size) / (1 + off)) - 3.5

/** Strokes of these steps, one a second. */
function run(ways: readonly Way[]) {
  const rule = loops()
  const added: number[] = []
  for (const [second, way] of ways.entries()) {
    const steps = way.map(([dx, dy]): [number, number, number] => [dx, dy, 8])
    const from = 1000 * second
    rule.onStroke?.(strokeOf(steps, { from, to: from + 100 }), (amount, since, at) => {
      assert.deepEqual([since, at], [from, from + 100])
      added.push(Math.round(1e6 * amount) / 1e6)
    })
  }
  return { added, said: rule.evidence() }
}
const rounded = (values: readonly number[]) => values.map(value => Math.round(1e6 * value) / 1e6)

const a: Way = [[60, 0]]
const b: Way = [[0, 70]]
const c: Way = [[-80, 30]]
const d: Way = [[20, 90]]

describe('strokes that come again', () => {
  test('add their surprise, for the distance in the past at which they come', () => {
    const { added, said } = run([a, b, a, b, a])
    assert.deepEqual(added, rounded([0, 0, surprise(60), surprise(70), surprise(60)]))
    assert.match(said.text, /: 3 in a row matched those of 2\.00 s earlier/)
    assert.equal(said.value, 3)
  })
  test('a longer period is told', () =>
    assert.match(run([a, b, c, d, a, b, c]).said.text, /: 3 in a row matched those of 4\.00 s earlier/))
  test('one says ten bits at most', () => assert.deepEqual(run([[[900, 0]], [[900, 0]]]).added, [0, 10]))
  test('off by some pixels they say less, and off by many nothing', () => {
    assert.deepEqual(
      run([a, [[60, 3]]]).added,
      rounded([0, surprise(Math.hypot(60, 3), 3 + (Math.hypot(60, 3) - 60) / 4)]),
    )
    assert.deepEqual(run([a, [[75, 0]]]).added, [0, 0])
  })
  test('a way of another length counts as a quarter of the difference', () =>
    assert.deepEqual(
      run([
        [[50, 0]],
        [
          [30, 0],
          [0, 2],
          [20, -2],
        ],
      ]).added[1]?.toFixed(3),
      surprise(50, (32 + Math.hypot(20, 2) - 50) / 4).toFixed(3),
    ))
  test('one that does not fit takes ten bits away', () =>
    assert.deepEqual(run([a, b, a, b, c]).added.at(-1), Math.round(1e6 * -10) / 1e6))
  test('one that is too short to tell ends no loop', () => {
    const { added } = run([a, [[5, 0]], a, [[4, 0]], a])
    assert.deepEqual(added[3], 0.01)
    assert.equal(added[4], rounded([surprise(60)])[0])
  })
  test('less than 3 px are no stroke', () => assert.deepEqual(run([[[2, 0]], [[3, 0]]]).added, [0]))
})

const shaped = (turn: number): Way => Array.from({ length: 9 }, (_, step) => [step + turn, step % 2])
describe('the very same steps', () => {
  test('with eight changes among them say forty bits', () =>
    assert.deepEqual(run([shaped(1), shaped(1)]).added, [0, 40]))
  test('with seven no more than others', () =>
    assert.deepEqual(
      run([shaped(1).slice(1), shaped(1).slice(1)]).added[1],
      rounded([surprise(Math.hypot(44, 4))])[0],
    ))
  test('no distance gathers more than 200 bits, and a loop that goes on still adds a little', () =>
    assert.deepEqual(
      run(Array.from({ length: 8 }, () => shaped(1))).added,
      [0, 40, 40, 40, 40, 40, 0.01, 0.01],
    ))
  test('in another order are others', () => {
    const added = run([shaped(1), shaped(1).toReversed()]).added[1] ?? 0
    assert.ok(added > 0 && added <= 10, `${added}`)
  })
})

test('what lies more than 511 strokes back is forgotten', () => {
  const random = seededRandom(1)
  const place = () => Math.round(random.uniform(-2000, 2000))
  const ways = Array.from({ length: 511 }, (): Way => [[place(), place()]])
  const last = (count: number) => run([shaped(1), ...ways.slice(0, count), shaped(1)]).added.at(-1) ?? 0
  assert.ok(last(510) > 25, `${last(510)}`)
  assert.ok(last(511) < 1, `${last(511)}`)
})

test('what it makes of known input is that of this version of the rules', () => {
  assert.deepEqual(verdictsOn(loops), {
    'a hand': '24: 0.00 since 8010.14 at 8180.64, says 0 0.00',
    'even lines': '16: -10.75 since 3574.63 at 3708.55, says 1 29',
    'coarse lines': '17: -20.00 since 3371.60 at 3586.20, says 1 2.10',
    curves: '16: 0.00 since 3439.90 at 3516.83, says 0 0.00',
    jumps: '31: -14.04 since 13708.09 at 13708.09, says 1 3.76',
    'a loop': '24: 2401.95 since 7905.14 at 8069.84, says 15 14',
    'a beat': '12: -2.80 since 1716.01 at 1762.73, says 1 27',
  })
})
