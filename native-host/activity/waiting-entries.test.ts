import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry, Genuineness } from '../../protocol/records.ts'
import { extendVerdict } from '../detection/extend-verdict.ts'
import type { Place } from '../detection/presumed-genuine.ts'
import { noCounts } from '../input/input-window.ts'
import { createWaitingEntries } from './waiting-entries.ts'

type Waiting = ReturnType<typeof createWaitingEntries>

const scripted: Genuineness = { verdict: 'scripted', rules: 1, evidence: [] }
const genuine: Genuineness = { verdict: 'genuine', rules: 1, evidence: [] }
const at = (minute: number) => `2026-11-22T12:0${minute}:30.000Z`
const keys = (count: number) => ({ ...noCounts, keys: count })

function interval(
  minute: number,
  count: number,
  genuineness = genuine,
): Extract<Entry, { kind: 'interval' }> {
  return {
    kind: 'interval',
    from: at(minute),
    length_ms: 10_000,
    ...keys(count),
    activity: '',
    presence: 'active',
    genuineness,
  }
}

function extension(place: Place, count: number) {
  const about = { from: 0, to: 1, began: at(0), ended: at(1), counts: keys(count), place }
  const made = extendVerdict([about], scripted, 'discard')
  assert.ok(made)
  return made
}

/** Takes everything out, as stored in this zone. */
function storeAll(waiting: Waiting, zone: string): Entry[] {
  const stored: Entry[] = []
  for (let next = waiting.next(); next; next = waiting.next()) {
    stored.push(next)
    waiting.stored({ zone })
  }
  return stored
}

const minutesOf = (entry: Entry | undefined) => entry?.kind === 'verdict.extended' && entry.minutes

test('entries come out in the order in which they came', () => {
  const waiting = createWaitingEntries(9)
  waiting.add({ kind: 'input.lost', code: 'A' })
  waiting.addInterval(interval(0, 3), 'UTC')
  waiting.add({ kind: 'input.restored' })
  assert.equal(waiting.isEmpty, false)
  assert.deepEqual(waiting.counts(), keys(3))
  assert.deepEqual(
    storeAll(waiting, 'UTC').map(({ kind }) => kind),
    ['input.lost', 'interval', 'input.restored'],
  )
  assert.equal(waiting.isEmpty, true)
  assert.deepEqual(waiting.counts(), noCounts)
})

test('a verdict names the zone in which its intervals were stored, not the one in which they waited', () => {
  const waiting = createWaitingEntries(9)
  const place = waiting.addInterval(interval(0, 3), 'Europe/Berlin')
  waiting.addExtension(extension(place, 3))
  const stored = storeAll(waiting, 'Asia/Kathmandu')
  assert.deepEqual(minutesOf(stored[1]), [
    { start: '2026-11-22T12:00:00.000Z', zone: 'Asia/Kathmandu', ...keys(3) },
  ])
})

test('counts that one interval adds to another count in its minute, and are set aside there', () => {
  const waiting = createWaitingEntries(2)
  waiting.addInterval(interval(0, 1), 'UTC')
  waiting.addInterval(interval(1, 2, scripted), 'UTC')
  const place = waiting.addInterval(interval(2, 4), 'UTC')
  waiting.addExtension(extension(place, 4))
  const [first, second, third, ...more] = storeAll(waiting, 'UTC')
  assert.deepEqual(more, [])
  assert.equal(first?.kind === 'interval' && first.keys, 5)
  assert.equal(second?.kind === 'interval' && second.keys, 2)
  assert.deepEqual(minutesOf(third), [{ start: '2026-11-22T12:00:00.000Z', zone: 'UTC', ...keys(4) }])
})

test('verdicts beyond the limit become one, behind all intervals that it covers', () => {
  const waiting = createWaitingEntries(2)
  waiting.addExtension(extension(waiting.addInterval(interval(0, 1), 'UTC'), 1))
  // No waiting genuine interval can take it, so it comes behind the verdict.
  waiting.stored({ zone: 'UTC' })
  waiting.add({ kind: 'input.restored' })
  waiting.addExtension(extension(waiting.addInterval(interval(3, 2), 'UTC'), 2))
  const stored = storeAll(waiting, 'UTC')
  assert.deepEqual(
    stored.map(({ kind }) => kind),
    ['input.restored', 'interval', 'verdict.extended'],
  )
  assert.deepEqual(minutesOf(stored[2]), [
    { start: '2026-11-22T12:00:00.000Z', zone: 'UTC', ...keys(1) },
    { start: '2026-11-22T12:03:00.000Z', zone: 'UTC', ...keys(2) },
  ])
})
