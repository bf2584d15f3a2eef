import assert from 'node:assert/strict'
import * as v from 'valibot'
import { budgets } from '../../native-host/kernel/budgets.ts'
import { createZonePeriods } from '../../native-host/timeline/day-stretches.ts'
import { fitSpans } from '../../native-host/timeline/lane-blocks.ts'
import { createTimeline } from '../../native-host/timeline/timeline.ts'
import { type Day, daySchema } from '../../protocol/day.ts'
import { encodeFrame, maxBytesOut } from '../../protocol/framing.ts'
import { chainStart } from '../../protocol/records.ts'

const now = Temporal.Instant.from('2026-11-30T23:00:00Z')
const place = { prev: chainStart, zone: 'UTC', offset: '+00:00' }

function detailOf(detail: string): string | undefined {
  const timeline = createTimeline()
  const [from, to] = ['2026-11-30T10:00:00Z', '2026-11-30T11:00:00Z']
  timeline.note({ ...place, seq: 1, at: from, kind: 'agent.started', version: '1', previous_end: 'clean' })
  timeline.note({ ...place, seq: 2, at: to, kind: 'gap', cause: 'store-repaired', from, to, detail })
  const day = timeline.dayOf('2026-11-30', 'UTC', now, { activeSeconds: 0, flagged: [] })
  v.parse(daySchema, day)
  return day.spans.flatMap(span =>
    span.lane === 'gap' && span.cause === 'store-repaired' ? [span.detail] : [],
  )[0]
}

/** A day that changes the zone every minute. */
function zonesOf(count: number): number {
  const periods = createZonePeriods()
  for (let n = 0; n < count; n++)
    periods.note(n % 2 ? 'Europe/Berlin' : 'UTC', Date.parse('2026-11-30T10:00Z') + 60_000 * n)
  const last = count % 2 ? 'UTC' : 'Europe/Berlin'
  return periods.stretchesOf('2026-11-30', last, now).length
}

export const dayTrials = {
  daySpans() {
    const { most } = budgets.daySpans
    const day = (count: number) =>
      fitSpans(
        Array.from({ length: count }, (_, n) => ({
          ...{ from: 100_000 * n, to: 100_000 * n + 50_000 },
          what: {
            lane: 'gap',
            cause: 'store-repaired',
            detail: '\u0001'.repeat(budgets.dayText.most),
          } as const,
        })),
      )
    assert.equal(day(most).spans.length, most)
    assert.equal(day(most).joined, 0)
    assert.ok(day(most + 1).spans.length <= most)
    assert.ok(day(most + 1).joined > 0)
    // With the longest texts that there can be it is still a message.
    const seconds = { active: 0, there: 0, idle: 0, flagged: 0, paused: 0, gap: 0 }
    const whole: Day = { date: '2026-11-30', zones: [], seconds, ...day(most) }
    encodeFrame({ type: 'day', id: 'x'.repeat(64), day: whole }, maxBytesOut)
  },
  dayZones() {
    const { most } = budgets.dayZones
    assert.equal(zonesOf(most), most)
    assert.equal(zonesOf(most + 1), most)
  },
  dayText() {
    const { most } = budgets.dayText
    assert.equal(detailOf('x'.repeat(most)), 'x'.repeat(most))
    assert.equal(detailOf('x'.repeat(most + 1)), `${'x'.repeat(most - 1)}…`)
  },
}
