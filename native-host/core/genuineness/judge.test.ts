import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { InputEvent } from '../input-event.ts'
import { createJudge, rulesVersion } from './judge.ts'

const limits = { jumpPx: 500 }

/** Movements of these lengths, one after the other, to the right and back. */
function moves(...lengths: number[]): InputEvent[] {
  let x = 0
  return [
    { kind: 'move', at: 0, x, y: 0 },
    ...lengths.map((length, index): InputEvent => {
      x += index % 2 === 0 ? length : -length
      return { kind: 'move', at: index + 1, x, y: 0 }
    }),
  ]
}

function verdictOn(...lengths: number[]) {
  const judge = createJudge()
  judge.observe(moves(...lengths), limits)
  return judge.conclude(limits)
}

const rows: [name: string, lengths: number[], verdict: string][] = [
  ['no movement', [], 'genuine'],
  ['a trail of small steps', Array.from({ length: 200 }, () => 12), 'genuine'],
  ['one jump as a display wakes', [900], 'genuine'],
  ['two jumps alone', [900, 900], 'genuine'],
  ['nothing but jumps', [900, 900, 900], 'suspect'],
  ['steps of exactly the threshold are no jumps', [500, 500, 500, 500], 'genuine'],
  ['half of the movements are jumps', [900, 10, 900, 10, 900, 10], 'suspect'],
  ['less than half', [900, 10, 900, 10, 900, 10, 10], 'genuine'],
  ['standing still between jumps hides nothing', [900, 0, 0, 900, 0, 0, 900, 0, 0], 'suspect'],
]
for (const [name, lengths, verdict] of rows)
  test(`${name}: ${verdict}`, () => {
    assert.equal(verdictOn(...lengths).verdict, verdict)
  })

test('a suspicion comes with its figures, in numbers and in a sentence', () => {
  assert.deepEqual(verdictOn(900, 900, 1200.4, 10), {
    verdict: 'suspect',
    rules: rulesVersion,
    evidence: [
      {
        feature: 'pointer_jumps',
        value: 3,
        text: '3 of 4 pointer movements were single jumps of more than 500 px, the longest 1200 px; a hand leaves a trail of small steps.',
      },
    ],
  })
})

test('a verdict is about what was seen since the last one', () => {
  const judge = createJudge()
  judge.observe(moves(900, 900, 900), limits)
  assert.equal(judge.conclude(limits).verdict, 'suspect')
  assert.deepEqual(judge.conclude(limits), { verdict: 'genuine', rules: rulesVersion, evidence: [] })
})

test('in how many batches the events came makes no difference', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 2000 })),
      fc.integer({ min: 1, max: 5 }),
      (lengths, size) => {
        const events = moves(...lengths)
        const judge = createJudge()
        for (let at = 0; at < events.length; at += size) judge.observe(events.slice(at, at + size), limits)
        assert.deepEqual(judge.conclude(limits), verdictOn(...lengths))
      },
    ),
  )
})

test('keys, clicks and the wheel do not move the pointer', () => {
  const judge = createJudge()
  judge.observe(
    [
      { kind: 'button-down', at: 0, button: 1, x: 0, y: 0 },
      { kind: 'button-down', at: 1, button: 1, x: 1900, y: 0 },
      { kind: 'wheel', at: 2, steps: 1, x: 0, y: 1000 },
      { kind: 'key-down', at: 3, slot: 0 },
    ],
    limits,
  )
  assert.equal(judge.conclude(limits).verdict, 'genuine')
})
