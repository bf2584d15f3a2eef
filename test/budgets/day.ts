import assert from 'node:assert/strict'
import * as v from 'valibot'
import { budgets } from '../../native-host/kernel/budgets.ts'
import { createOpenedDays } from '../../native-host/opened/open-days.ts'
import type { OpenedNews } from '../../native-host/opened/ports.ts'
import { createZonePeriods } from '../../native-host/timeline/day-stretches.ts'
import { fitSpans } from '../../native-host/timeline/lane-blocks.ts'
import { createTimeline } from '../../native-host/timeline/timeline.ts'
import { type Day, daySchema } from '../../protocol/day.ts'
import { encodeFrame, maxBytesOut } from '../../protocol/framing.ts'
import { parseAgentMessage } from '../../protocol/messages.ts'
import { toOpenedDay } from '../../protocol/opened.ts'
import { chainStart } from '../../protocol/records.ts'
import { noTotals, type ReportDay, type ReportScreenshot } from '../../protocol/report.ts'
import { fakeImageEditor } from '../fakes.ts'

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

/** A day with so many screenshots, opened. */
async function openedPictures(
  count: number,
  onPictures: (news: Extract<OpenedNews, { type: 'opened-pictures' }>) => void,
): Promise<void> {
  const lines = Array.from({ length: count }, (_, n) =>
    JSON.stringify({
      ...{ ...place, seq: n + 1, at: '2026-11-30T10:00:00.000Z', kind: 'screenshot' },
      ...{ display: 1, of: 1, width: 10, height: 10, blurred: false, object: `d/2026-11-30/${n}` },
    }),
  )
  const refuse = async () => {
    throw new Error('not asked for')
  }
  const days = createOpenedDays({
    objects: { dates: async () => [], of: async () => [], unsealed: () => lines },
    opener: async () => ({ lines: refuse, picture: refuse }),
    image: fakeImageEditor,
    breathe: async () => undefined,
  })
  await days.open(
    { date: '2026-11-30', span: 'day' },
    news => news.type === 'opened-pictures' && onPictures(news),
    () => undefined,
    new AbortController().signal,
  )
}

/** A day that changes the zone every minute. */
function zonesOf(count: number): number {
  const periods = createZonePeriods()
  for (let n = 0; n < count; n++)
    periods.note(n % 2 ? 'Europe/Berlin' : 'UTC', Date.parse('2026-11-30T10:00Z') + 60_000 * n)
  const last = count % 2 ? 'UTC' : 'Europe/Berlin'
  return periods.stretchesOf('2026-11-30', last, now).length
}

const shot: ReportScreenshot = {
  ...{ at: '2026-11-30T10:00:00.000Z', zone: 'America/Argentina/ComodRivadavia', state: 'delivered' },
  ...{ display: 10, of: 10, width: 10_000, height: 10_000, blurred: false, asked_by: 'x'.repeat(200) },
  object: 'x'.repeat(300),
}
const instant = shot.at
const openedDay: ReportDay = {
  ...{ date: '2026-11-30', zones: [], spans: [], totals: noTotals, slots: [], flags: [], screenshots: [] },
}

export const dayTrials = {
  openedPictures() {
    const { most } = budgets.openedPictures
    const message = (count: number) => {
      const pictures = new Array(count).fill(shot)
      const answer = {
        type: 'opened-pictures',
        id: 'x'.repeat(64),
        date: '2026-11-30',
        pictures,
        left_out: 0,
      }
      encodeFrame(answer, maxBytesOut)
      return parseAgentMessage(answer)
    }
    message(most)
    assert.throws(() => message(most + 1), { code: 'MESSAGE_INVALID' })
  },
  async openedDayPictures() {
    const { most } = budgets.openedDayPictures
    const shown = async (count: number) => {
      const sent: number[] = []
      let left = 0
      await openedPictures(count, news => {
        sent.push(news.pictures.length)
        left = news.left_out
      })
      assert.ok(sent.every(length => length <= budgets.openedPictures.most))
      return [sent.reduce((sum, length) => sum + length, 0), left]
    }
    assert.deepEqual(await shown(most), [most, 0])
    assert.deepEqual(await shown(most + 1), [most, 1])
  },
  openedFlags() {
    const { most } = budgets.openedFlags
    const flag: ReportDay['flags'][number] = {
      ...{ from: instant, to: instant, verdict: 'suspect', seconds: 1, discarded: false, withdrawn: false },
      evidence: [{ feature: 'x', value: 1, text: 'x'.repeat(10_000) }],
    }
    const day = (count: number) => toOpenedDay({ ...openedDay, flags: new Array(count).fill(flag) })
    assert.equal(day(most).flags.length, most)
    assert.equal(day(most + 1).flags.length, most)
    encodeFrame({ type: 'opened-day', id: 'x'.repeat(64), day: day(most) }, maxBytesOut)
  },
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
