import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { confirmationKinds } from '../../protocol/confirmation.ts'
import {
  isCode,
  isLocked,
  newCode,
  type Proposal,
  type Refusals,
  withRefusal,
  wordsOf,
} from './confirmation.ts'

test('a code has four characters that are not easily confused, and is accepted in any typed form', () => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.double({ min: 0, max: 0.999_999, noNaN: true })), numbers => {
      const code = newCode(() => numbers.next().value)
      assert.match(code, /^[2-9A-HJKMNP-TW-Z]{4}$/)
      assert.ok(isCode(` ${code.toLowerCase().slice(0, 2)}-${code.slice(2)} `, code))
      assert.ok(!isCode(code.slice(1), code))
    }),
  )
})

test('every kind has words, which fit a dialog', () => {
  const one: { [K in Proposal['kind']]: Extract<Proposal, { kind: K }> } = {
    pictures: { kind: 'pictures' },
    opened: { kind: 'opened' },
    weakening: {
      kind: 'weakening',
      weakenings: [{ kind: 'setting', name: 'blur_screenshots', from: true, to: false }],
    },
  }
  for (const kind of confirmationKinds) {
    const { question, keep, accept } = wordsOf(one[kind])
    assert.match(question, /^[A-Z].*\?$/)
    assert.ok(keep.length < 20 && accept.length < 20 && keep !== accept)
  }
})

test('three refusals within a day lock for a day from the last; fewer, or one a day, do not', () => {
  const at = (hour: number) => new Date(hour * 3_600_000).toISOString()
  const after = (...hours: number[]) =>
    hours.reduce<Refusals | undefined>((refusals, hour) => withRefusal(refusals, at(hour)), undefined)
  assert.equal(isLocked(after(1, 2), 2 * 3_600_000), false)
  const locked = after(1, 2, 20)
  for (const hour of [20, 30, 43.9]) assert.equal(isLocked(locked, hour * 3_600_000), true, `${hour}`)
  assert.equal(isLocked(locked, 44.1 * 3_600_000), false)
  assert.equal(isLocked(after(0, 25, 50, 75), 75 * 3_600_000), false)
  // The clock was set back since.
  assert.equal(isLocked(locked, 3 * 3_600_000), true)
})
