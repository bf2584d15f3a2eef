import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { openJournal } from '../../native-host/adapters/store/journal-sqlite.ts'
import { openTimelineStore } from '../../native-host/adapters/store/timeline-sqlite.ts'
import { createSpentMinutes } from '../../native-host/journal/spent-minutes.ts'
import { isoOfMs } from '../../native-host/kernel/instants.ts'
import type { Counts, Entry } from '../../protocol/records.ts'
import { openStateDatabase } from './state-database.ts'

// Around the end of summer time in Berlin, and around midnight in each of the zones.
const base = Date.parse('2026-10-24T21:50:00Z')
const zones = ['Europe/Berlin', 'Asia/Kathmandu', 'America/New_York'] as const
const moment = fc
  .oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 6 * 60 }))
  .map(minutes => base + minutes * 60_000)
const few = fc.integer({ min: 0, max: 20 })
const counts: fc.Arbitrary<Counts> = fc.record({
  ...{ keys: few, clicks: few, wheel: few, distance_px: few, active_seconds: few },
})
const verdict = fc.constantFrom('genuine' as const, 'suspect' as const, 'scripted' as const)

const interval = fc
  .record({
    from: moment,
    second: fc.integer({ min: 0, max: 59 }),
    counts,
    verdict,
    discarded: fc.option(counts),
  })
  .map(
    (made): Entry => ({
      kind: 'interval',
      from: isoOfMs(made.from + made.second * 1000),
      length_ms: 10_000,
      ...made.counts,
      activity: '',
      presence: 'active',
      genuineness: { verdict: made.verdict, rules: 1, evidence: [] },
      ...(made.discarded && { discarded: made.discarded }),
    }),
  )
const extended = fc
  .record({
    scripted_input: fc.constantFrom('flag' as const, 'discard' as const),
    minutes: fc.array(fc.record({ start: moment, zone: fc.constantFrom(...zones), counts }), {
      maxLength: 4,
    }),
  })
  .map(
    ({ scripted_input, minutes }): Entry => ({
      kind: 'verdict.extended',
      ...{ from: isoOfMs(base), to: isoOfMs(base + 60_000), scripted_input },
      genuineness: { verdict: 'scripted', rules: 1, evidence: [] },
      minutes: minutes.map(minute => ({ start: isoOfMs(minute.start), zone: minute.zone, ...minute.counts })),
    }),
  )
const withdrawn = fc.tuple(moment, moment).map(
  ([one, other]): Entry => ({
    kind: 'verdict.withdrawn',
    from: isoOfMs(Math.min(one, other)),
    to: isoOfMs(Math.max(one, other) + 10_000),
  }),
)
const history = fc.array(
  fc.record({
    zone: fc.constantFrom(...zones),
    entry: fc.oneof({ weight: 5, arbitrary: interval }, { weight: 2, arbitrary: extended }, withdrawn),
  }),
  { maxLength: 40 },
)

test('the minutes of the database and those of a reader are the same after any history', () =>
  fc.assert(
    fc.property(history, entries => {
      using state = openStateDatabase()
      let zone: string = zones[0]
      const clock = { now: () => Temporal.Instant.fromEpochMilliseconds(base), zone: () => zone }
      const journal = openJournal(state.db, clock)
      const kept = openTimelineStore(state.db)
      const minutes = createSpentMinutes()
      for (const each of entries) {
        zone = each.zone
        journal.append(each.entry)
        minutes.note(each.entry, zone)
      }
      const dates = ['2026-10-24', '2026-10-25', '2026-10-26']
      const inDatabase = dates.flatMap(date => ({
        date,
        spent: journal
          .minutesOf(date)
          .map(({ start, ...minute }) =>
            JSON.stringify({ start: start.epochMilliseconds / 60_000, ...minute }),
          )
          .sort(),
        discarded: kept
          .discardedOf(date)
          .map(({ startMs, seconds }) => `${startMs / 60_000} ${seconds}`)
          .sort(),
      }))
      const inMemory = dates.map(date => ({
        date,
        spent: [...minutes.spent()]
          .filter(minute => minute.date === date)
          .map(({ start, zone, keys, clicks, wheel, distance_px, active_seconds, flagged_seconds }) =>
            JSON.stringify({
              start,
              zone,
              keys,
              clicks,
              wheel,
              distance_px,
              active_seconds,
              flagged_seconds,
            }),
          )
          .sort(),
        discarded: [...minutes.discarded()]
          .filter(minute => minute.date === date && minute.active_seconds > 0)
          .map(({ start, active_seconds }) => `${start} ${active_seconds}`)
          .sort(),
      }))
      assert.deepEqual(inMemory, inDatabase)
    }),
    { numRuns: 30 },
  ))
