import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PresenceKind, PresenceSource } from '../../protocol/presence.ts'
import { isAbsent, presenceOf, type Seen } from './presence.ts'

const nowMs = 10_000_000
const minute = 60_000
const quiet: Seen = {
  nowMs,
  lastInput: { atMs: nowMs, source: 'input' },
  lockedBy: undefined,
  asleepBy: undefined,
  media: false,
  idleAfterMs: 3 * minute,
  awayAfterMs: 15 * minute,
}
const lastInput = (msAgo: number): Partial<Seen> => ({
  lastInput: { atMs: nowMs - msAgo, source: 'input' },
})

const rows: [what: string, seen: Partial<Seen>, kind: PresenceKind, source: PresenceSource][] = [
  ['input right now', lastInput(0), 'active', 'input'],
  ['input that is younger than the clock that was read', lastInput(-5), 'active', 'input'],
  ['input just within idle_after', lastInput(3 * minute - 1), 'active', 'input'],
  ['none for idle_after', lastInput(3 * minute), 'idle', 'input'],
  ['none just within away_after', lastInput(15 * minute - 1), 'idle', 'input'],
  ['none for away_after', lastInput(15 * minute), 'away', 'input'],
  ['none since it is watched', lastInput(Number.POSITIVE_INFINITY), 'away', 'input'],
  ['no source of input', { lastInput: undefined }, 'unknown', 'nobody'],
  ['a call, and none for an hour', { ...lastInput(60 * minute), media: true }, 'active', 'media'],
  ['a call, and input too', { ...lastInput(0), media: true }, 'active', 'input'],
  ['a call, and no source of input', { lastInput: undefined, media: true }, 'active', 'media'],
  ['a call behind a locked screen', { media: true, lockedBy: 'logind' }, 'locked', 'logind'],
  ['a locked screen, and a mouse that is moved', { lockedBy: 'screensaver' }, 'locked', 'screensaver'],
  ['a locked screen, and no input source', { lastInput: undefined, lockedBy: 'logind' }, 'locked', 'logind'],
  ['a locked computer that falls asleep', { lockedBy: 'logind', asleepBy: 'logind' }, 'asleep', 'logind'],
]
for (const [what, seen, kind, source] of rows)
  test(`${what}: ${kind}`, () => {
    const presence = presenceOf({ ...quiet, ...seen })
    assert.deepEqual([presence.kind, presence.source], [kind, source])
  })

test('idle and away begin with the last input, not when they are noticed', () => {
  for (const msAgo of [4 * minute, 40 * minute])
    assert.equal(presenceOf({ ...quiet, ...lastInput(msAgo) }).sinceMs, nowMs - msAgo)
})

test('away never comes before idle, with any settings', () => {
  const seen = { ...quiet, ...lastInput(4 * minute), idleAfterMs: 5 * minute, awayAfterMs: 1 * minute }
  assert.equal(presenceOf(seen).kind, 'active')
  assert.equal(presenceOf({ ...seen, ...lastInput(5 * minute) }).kind, 'away')
})

test('away, locked and asleep count as absent: an idle person may be reading', () => {
  const kinds: PresenceKind[] = ['active', 'idle', 'away', 'locked', 'asleep', 'unknown']
  assert.deepEqual(kinds.filter(isAbsent), ['away', 'locked', 'asleep'])
})
