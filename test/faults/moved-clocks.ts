import { setTimeout as sleep } from 'node:timers/promises'
import type { JournalRecord } from '../../protocol/records.ts'
import { brokenLinks } from '../support/opened-objects.ts'
import { noTimeLab, openTimeLab, type TimeLab } from '../support/time-lab.ts'
import type { Promised, Scale } from './promise.ts'

const hour = 3_600_000
const day = 24 * hour
const zoneSeenWithinMs = 2000
const screenshotEveryS = 5

/** What is done to the time, and the fault that it counts as. */
type Move = { fault: string; does(lab: TimeLab): Promise<void>; by?: number }

const moveBy = (fault: string, by: number): Move => ({ fault, by, does: lab => lab.moveClock(by) })
const zoneTo = (zone: string): Move => ({ fault: 'changed zones', does: lab => lab.setZone(zone) })
const passOver = (fault: string, to: string): Move => ({ fault, does: lab => lab.setClock(to) })

const moves: Record<Scale, Move[]> = {
  fast: [
    moveBy('clocks set forward by a day', day),
    moveBy('clocks set back by a day', -day),
    zoneTo('Asia/Kathmandu'),
  ],
  full: [
    moveBy('clocks set forward by an hour', hour),
    moveBy('clocks set back by an hour', -hour),
    moveBy('clocks set forward by a day', day),
    moveBy('clocks set back by a day', -day),
    zoneTo('Asia/Kathmandu'),
    zoneTo('Australia/Lord_Howe'),
    zoneTo('Europe/Berlin'),
    passOver('ends of summer time', '2026-10-25T00:59:55Z'),
    passOver('beginnings of summer time', '2027-03-28T00:59:55Z'),
    passOver('29ths of February', '2028-02-28T22:59:55Z'),
    moveBy('clocks set back by a day', -day),
    zoneTo('America/St_Johns'),
  ],
}
const restMs = { fast: 3000, full: 12_000 }

export const movedClocks: Promised = {
  id: 'P11',
  promise: 'Clocks that are set and zones that change leave no hole, no negative duration and no late pause',
  async run({ scale, say }) {
    const why = noTimeLab()
    if (why !== undefined) return { kind: 'not here', why }
    await using lab = await openTimeLab({ zone: 'Europe/Berlin' })
    const { tap } = lab
    await tap.ask({ type: 'change-setting', name: 'screenshot_interval', value: screenshotEveryS })
    await tap.ask({ type: 'change-setting', name: 'hold_screenshots', value: 0 })
    const begun = performance.now()
    const zoneMs: number[] = []
    const faults: Record<string, number> = {}
    using shots = watchScreenshots(lab)
    for (const { fault, does } of moves[scale]) {
      const before = JSON.stringify((await tap.status()).time.last_change)
      await does(lab)
      zoneMs.push(await lab.msUntil(fault, ({ time }) => JSON.stringify(time.last_change) !== before, 5000))
      faults[fault] = (faults[fault] ?? 0) + 1
      say(`${fault}: seen after ${zoneMs.at(-1)?.toFixed(0)} ms`)
      await sleep(restMs[scale])
    }
    const screenshotGapsS = shots.gapsS()
    const pauseLateMs = await pauseWhileTheClockIsSet(lab)
    faults['clocks set back during a pause'] = 1
    const trackedMs = performance.now() - begun
    const opened = await lab.finish()
    const lengths = opened.records.flatMap(record => (record.kind === 'interval' ? [record.length_ms] : []))
    const countedMs = lengths.reduce((sum, length) => sum + length, 0)
    return {
      kind: 'measured',
      figures: [
        { what: 'a change is seen after', value: Math.max(...zoneMs), unit: 'ms', atMost: zoneSeenWithinMs },
        { what: 'links of the chain broken', value: brokenLinks(opened).length, atMost: 0 },
        { what: 'negative durations', value: lengths.filter(length => length < 0).length, atMost: 0 },
        { what: 'the longest interval', value: Math.max(...lengths) / 1000, unit: 's', atMost: 20 },
        {
          what: 'offsets that are not of their zone and time',
          value: opened.records.filter(record => !hasItsOffset(record)).length,
          atMost: 0,
        },
        {
          what: 'counted and passed differ by',
          value: Math.abs(countedMs + pauseMs + pauseLateMs - trackedMs) / 1000,
          unit: 's',
          atMost: 5,
        },
        {
          what: `the longest gap between screenshots every ${screenshotEveryS} s`,
          value: Math.max(0, ...screenshotGapsS),
          unit: 's',
          atMost: 2 * screenshotEveryS,
        },
        { what: 'a pause ends late by', value: pauseLateMs, unit: 'ms', atMost: 1500, atLeast: -100 },
        {
          what: 'records that say it',
          value: opened.records.filter(({ kind }) => kind === 'clock.changed' || kind === 'zone.changed')
            .length,
          atLeast: moves[scale].length + 1,
        },
      ],
      faults,
      freshMs: [],
      notes: ['Against the clock that stays as it is, in a mount namespace with an /etc of its own.'],
    }
  },
}

const pauseMs = 4000

/** How much longer than asked for it was. The clock is set back by an hour in the middle. */
async function pauseWhileTheClockIsSet(lab: TimeLab): Promise<number> {
  const until = new Date(lab.wallMs() + pauseMs).toISOString()
  const begun = performance.now()
  await lab.tap.ask({ type: 'pause', until })
  await sleep(pauseMs / 2)
  await lab.moveClock(-hour)
  await lab.msUntil('the end of the pause', ({ state }) => state.kind !== 'paused', 30_000)
  return performance.now() - begun - pauseMs
}

/** When each of them was seen, on the clock that the test does not set. */
function watchScreenshots({ tap }: TimeLab): Disposable & { gapsS(): number[] } {
  const seenAt: number[] = []
  let last: string | null = null
  const timer = setInterval(async () => {
    const { screenshots } = await tap.status()
    if (screenshots.last === last) return
    last = screenshots.last
    seenAt.push(performance.now())
  }, 50)
  return {
    gapsS: () => seenAt.slice(1).map((at, index) => (at - (seenAt[index] ?? at)) / 1000),
    [Symbol.dispose]: () => clearInterval(timer),
  }
}

function hasItsOffset({ at, zone, offset }: JournalRecord): boolean {
  return Temporal.Instant.from(at).toZonedDateTimeISO(zone).offset === offset
}
