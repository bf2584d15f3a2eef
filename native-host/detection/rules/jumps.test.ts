import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ruleRun, strokeOf, verdictsOn } from '../../../test/support/rule-run.ts'
import type { InputEvent } from '../../input/input-event.ts'
import { jumps } from './jumps.ts'

const rule = (jumpPx = 500) => jumps(() => ({ jumpPx }))
const jump = (px: number, of = {}) => strokeOf([[px, 0, 0]], { pauseMs: 900, ...of })

const strokes: [what: string, amounts: number[], stroke: ReturnType<typeof jump>, jumpPx?: number][] = [
  ['a step of 100 px is that of a hand', [-1.5], jump(100)],
  ['a longer one is a jump', [1], jump(101)],
  ['so is one of 500 px', [1], jump(500)],
  ['one that is longer than the setting says more', [1.25], jump(501)],
  ['less than 40 px says nothing', [], jump(39)],
  ['40 px do', [-1.5], jump(40)],
  ['what shares its instant with the stroke before says nothing', [], jump(700, { pauseMs: 0 })],
  [
    'two steps are a way',
    [-1.5],
    strokeOf([
      [400, 0, 0],
      [400, 0, 8],
    ]),
  ],
  ['a setting of 300 px begins at 60', [1], jump(61), 300],
  ['and not at 60', [-1.5], jump(60), 300],
  ['a setting of 550 px begins at 350', [1], jump(351), 550],
  ['and below it says nothing of what is no hand’s', [], jump(350), 550],
  ['a setting of 600 px and more begins there', [], jump(599), 600],
  ['and there it is all that the setting says', [1.25], jump(601), 600],
  ['a setting of 2000 px, too', [], jump(1999), 2000],
]
describe('strokes', () => {
  for (const [what, amounts, stroke, jumpPx] of strokes)
    test(what, () => {
      const added: number[] = []
      rule(jumpPx).onStroke?.(stroke, amount => added.push(amount))
      assert.deepEqual(added, amounts)
    })
})

const click = (pressed: number, released: number): InputEvent[] => [
  { kind: 'button-down', at: pressed, button: 1, x: 0, y: 0 },
  { kind: 'button-up', at: released, button: 1, x: 0, y: 0 },
]
const clicks: [what: string, amounts: number[], events: InputEvent[]][] = [
  ['not held', [3], click(5100, 5101)],
  ['held for 1.5 ms', [0.5], click(5100, 5101.5)],
  ['held for less than 10 ms', [0.5], click(5100, 5109)],
  ['held for 10 ms', [-1.25], click(5100, 5110)],
  ['at the very end of it', [3], click(5000, 5000)],
  ['a second after it', [], click(6000, 6000)],
  ['less than that', [3], click(5999, 5999)],
  ['pressed before it', [], click(4999, 5100)],
]
describe('a click after a jump', () => {
  for (const [what, amounts, events] of clicks)
    test(what, () => {
      const added: [number, number, number][] = []
      const tried = rule()
      tried.onStroke?.(jump(700, { from: 4990, to: 5000 }), () => {})
      for (const event of events) tried.onEvent?.(event, (...of) => added.push(of))
      const at = events.at(-1)?.at ?? 0
      assert.deepEqual(
        added,
        amounts.map(amount => [amount, 5000, at]),
      )
    })
})

test('a click without a jump says nothing', () => assert.deepEqual(ruleRun(rule(), click(10, 10)), []))

test('a finger scrolls in steps that are less than 40 ms apart', () => {
  const wheel = (at: number): InputEvent => ({ kind: 'wheel', at, steps: 1, x: 0, y: 0 })
  assert.deepEqual(ruleRun(rule(), [100, 140, 179].map(wheel)), [[-0.5, 179, 179]])
})

test('it tells how many of how many, and the longest', () => {
  const tried = rule()
  for (const stroke of [jump(700.4), jump(600), jump(50), jump(20)]) tried.onStroke?.(stroke, () => {})
  assert.equal(tried.evidence().value, 2)
  assert.match(tried.evidence().text, /^2 of 3 .* 700 px/)
})

test('what it makes of known input is that of this version of the rules', () => {
  assert.deepEqual(verdictsOn(rule), {
    'a hand': '24: -450.00 since 8010.14 at 8180.64, says 0 24 0',
    'even lines': '16: -204.00 since 3574.63 at 3708.55, says 0 16 0',
    'coarse lines': '17: -229.50 since 3371.60 at 3586.20, says 0 17 0',
    curves: '15: -180.00 since 3132.47 at 3200.39, says 0 15 0',
    jumps: '50: 790.00 since 35839.19 at 35920.04, says 31 31 1604',
    'a loop': '24: -450.00 since 7905.14 at 8069.84, says 0 24 0',
    'a beat': '12: -117.00 since 1716.01 at 1762.73, says 0 12 0',
    'a wheel': '16: -68.00 since 88.41 at 88.41, says 0 0 0',
  })
})
