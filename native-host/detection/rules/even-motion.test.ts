import assert from 'node:assert/strict'
import { test } from 'node:test'
import { strokeOf, verdictsOn } from '../../../test/support/rule-run.ts'
import { evenMotion } from './even-motion.ts'

type Step = [dx: number, dy: number, ms: number]
const line = (steps: number, px: number, ms = 8): Step[] => Array.from({ length: steps }, () => [px, 0, ms])
/** At one speed, in steps that vary by a third of their mean. */
const uneven = (ms: number): Step[] => Array.from({ length: 32 }, (_, step) => [step % 2 ? 6 : 3, 0, ms])

const rows: [what: string, steps: Step[], added: number[]][] = [
  ['15 equal steps over 60 px', line(15, 4), [2]],
  ['14 of them', line(14, 5), []],
  ['15 over less than 60 px', line(15, 3.9), []],
  ['steps that vary by a third', uneven(8), [2]],
  ['the same every 80 ms', uneven(80), [2]],
  ['the same more than 80 ms apart', uneven(81), [-1.5]],
  ['steps that vary by half', line(32, 2).map(([px], step): Step => [step % 2 ? 3 * px : px, 0, 8]), [-1.5]],
  ['the second half at twice the speed', [...line(16, 5), ...line(16, 10)], [-1.5]],
]
for (const [what, steps, expected] of rows)
  test(`${what}: ${expected[0] ?? 'nothing'}`, () => {
    const added: number[] = []
    evenMotion().onStroke?.(strokeOf(steps), amount => added.push(amount))
    assert.deepEqual(added, expected)
  })

test('it tells when the stroke was, and how many of how many were even', () => {
  const rule = evenMotion()
  const spans: number[][] = []
  for (const steps of [line(20, 5), uneven(90), line(20, 5)])
    rule.onStroke?.(strokeOf(steps, { from: 7, to: 170 }), (_, since, at) => spans.push([since, at]))
  rule.onStroke?.(strokeOf(uneven(8), { from: 0, to: 32 * 81 }), () => {})
  assert.deepEqual(spans, [
    [7, 170],
    [7, 170],
    [7, 170],
  ])
  assert.equal(rule.evidence().value, 3)
  assert.match(rule.evidence().text, /^3 of 4 /)
})

test('what it makes of known input is that of this version of the rules', () => {
  assert.deepEqual(verdictsOn(evenMotion), {
    'a hand': '24: -450.00 since 8010.14 at 8180.64, says 0 24',
    'even lines': '16: 272.00 since 3574.63 at 3708.55, says 16 16',
    'coarse lines': '11: 121.50 since 1358.81 at 1484.61, says 9 11',
    curves: '15: -180.00 since 3132.47 at 3200.39, says 0 15',
    'a loop': '24: -450.00 since 7905.14 at 8069.84, says 0 24',
    'a beat': '12: -117.00 since 1716.01 at 1762.73, says 0 12',
  })
})
