import { copyFile, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { JournalRecord } from '../../protocol/records.ts'
import type { Status } from '../../protocol/status.ts'
import { noTimeLab, openTimeLab, type TimeLab } from '../support/time-lab.ts'
import { type Condition, type ConditionGroup, expect, NotHere } from './condition.ts'

const hour = 3_600_000
const seenWithinMs = 2000

/** Each has a computer of its own, whose clock and zone no other program sees. */
function onComputer(
  what: string,
  start: { zone: string; at?: string },
  act: (lab: TimeLab) => Promise<string>,
  speed: Condition['speed'] = 'slow',
): Condition {
  return {
    what,
    speed,
    async run() {
      const why = noTimeLab()
      if (why !== undefined) throw new NotHere(why)
      await using lab = await openTimeLab(start)
      return await act(lab)
    },
  }
}

export const time: ConditionGroup = {
  name: 'time',
  conditions: [
    onComputer(
      'the person flies from Berlin to Kathmandu',
      { zone: 'Europe/Berlin' },
      async lab => {
        await lab.setZone('Asia/Kathmandu')
        const ms = await lab.msUntil('the zone', ({ time }) => time.zone === 'Asia/Kathmandu')
        expect(ms < seenWithinMs, `seen after ${ms.toFixed(0)} ms`)
        const { time } = await lab.tap.status()
        const { records } = await lab.finish()
        const [changed, ...more] = changesIn(records)
        expect(more.length === 0 && changed !== undefined, records.map(({ kind }) => kind).join())
        return `seen after ${ms.toFixed(0)} ms, now UTC${time.offset}; written: ${changed}`
      },
      'fast',
    ),
    ...(
      [
        ['forward by an hour', hour],
        ['back by an hour', -hour],
        ['forward by a day', 24 * hour],
        ['back by a day', -24 * hour],
      ] as const
    ).map(([how, byMs]) =>
      onComputer(`the clock is set ${how}`, { zone: 'Europe/Berlin' }, async lab => {
        await lab.moveClock(byMs)
        const ms = await lab.msUntil('the change', ({ time }) => time.last_change?.kind === 'clock')
        expect(ms < seenWithinMs, `seen after ${ms.toFixed(0)} ms`)
        const state = (await lab.tap.status()).state.kind
        await sleep(11_000)
        const { records } = await lab.finish()
        const [changed] = changesIn(records)
        const lengths = records.flatMap(record => (record.kind === 'interval' ? [record.length_ms] : []))
        expect(changed !== undefined && Math.min(...lengths) >= 0, JSON.stringify(lengths))
        expect(isRising(records), 'the records are not in order')
        return `seen after ${ms.toFixed(0)} ms; ${changed}; intervals of ${lengths.join(', ')} ms; ${state}`
      }),
    ),
    onComputer(
      'summer time ends while the person works',
      { zone: 'Europe/Berlin', at: '2026-10-25T00:59:50Z' },
      async lab => {
        await lab.msUntil('winter', ({ time }) => time.offset === '+01:00', 20_000)
        const { today } = await lab.tap.status()
        expect(today.slots.length === 150, `${today.slots.length / 6} hours`)
        await sleep(3000)
        const { records } = await lab.finish()
        expect(changesIn(records).length === 0, changesIn(records).join())
        return `the day has ${today.slots.length / 6} hours; offsets ${offsetsIn(records)}; nothing was set, and nothing says so`
      },
    ),
    onComputer(
      'summer time begins while the person works',
      { zone: 'Europe/Berlin', at: '2027-03-28T00:59:50Z' },
      async lab => {
        await lab.msUntil('summer', ({ time }) => time.offset === '+02:00', 20_000)
        const { today } = await lab.tap.status()
        expect(today.slots.length === 138, `${today.slots.length / 6} hours`)
        await sleep(3000)
        return `the day has ${today.slots.length / 6} hours; offsets ${offsetsIn((await lab.finish()).records)}`
      },
    ),
    onComputer(
      '29 February begins, and ends in a zone of three quarters of an hour',
      { zone: 'Australia/Eucla', at: '2028-02-28T15:14:55Z' },
      async lab => {
        await lab.msUntil('the 29th', ({ today }) => today.date === '2028-02-29', 20_000)
        await lab.setClock('2028-02-29T15:14:55Z')
        await lab.msUntil('1 March', ({ today }) => today.date === '2028-03-01', 20_000)
        return 'dates 2028-02-29 and then 2028-03-01, each at midnight of +08:45'
      },
    ),
    onComputer('a day with two zones shows both', { zone: 'Europe/Berlin' }, async lab => {
      const first = await spentIn(lab, 'Europe/Berlin')
      // Time is kept by the minute: of two zones in the same one neither would be first.
      await sleep(60_000 - (Date.now() % 60_000))
      await lab.setZone('Atlantic/Azores')
      const both = await spentIn(lab, 'Atlantic/Azores')
      const zones = both.days.filter(({ date }) => date === both.today.date).map(({ zone }) => zone)
      const sameDate = both.today.date === first.today.date
      expect(!sameDate || zones.join() === 'Europe/Berlin,Atlantic/Azores', zones.join())
      expect(
        !sameDate || both.today.elsewhere[0]?.zone === 'Europe/Berlin',
        JSON.stringify(both.today.elsewhere),
      )
      return sameDate ? zones.join(' and ') : `two dates: ${first.today.date} and ${both.today.date}`
    }),
    onComputer('/etc/localtime is a copy and no link', { zone: 'UTC' }, async lab => {
      await lab.replaceLocaltime(path => copyFile('/usr/share/zoneinfo/Europe/Berlin', path))
      const ms = await lab.msUntil('the zone', ({ time }) => time.zone === 'Europe/Berlin')
      return `Europe/Berlin after ${ms.toFixed(0)} ms, found by its rules`
    }),
    onComputer('/etc/localtime is no zone at all', { zone: 'Europe/Berlin' }, async lab => {
      await lab.replaceLocaltime(path => writeFile(path, 'garbage'))
      const unclear = ({ notices }: Status) => notices.some(({ code }) => code === 'ZONE_UNCLEAR')
      await lab.msUntil('a notice', unclear)
      const { notices, time } = await lab.tap.status()
      await lab.setZone('Europe/Berlin')
      await lab.msUntil('the end of the notice', status => !unclear(status))
      return `${time.zone}, and it says: ${notices.find(({ code }) => code === 'ZONE_UNCLEAR')?.detail}; gone when it is mended`
    }),
    onComputer('the clock is set back during a pause of four seconds', { zone: 'UTC' }, async lab => {
      const begun = performance.now()
      await lab.tap.ask({ type: 'pause', until: new Date(lab.wallMs() + 4000).toISOString() })
      await sleep(1000)
      await lab.moveClock(-24 * hour)
      await lab.msUntil('the end', ({ state }) => state.kind !== 'paused', 20_000)
      const ms = performance.now() - begun
      expect(ms > 3900 && ms < 6000, `it took ${ms.toFixed(0)} ms`)
      return `it ended after ${ms.toFixed(0)} ms, not after a day`
    }),
  ],
}

/** Until an interval was stored in this zone. */
async function spentIn(lab: TimeLab, zone: string): Promise<Status> {
  await lab.msUntil(
    `something spent in ${zone}`,
    ({ days, today }) => today.zone === zone && days.some(day => day.zone === zone),
    25_000,
  )
  return lab.tap.status()
}

function changesIn(records: readonly JournalRecord[]): string[] {
  return records.flatMap(record => {
    if (record.kind === 'clock.changed') return [`clock.changed by ${record.by_ms} ms`]
    if (record.kind !== 'zone.changed') return []
    const { from, to } = record
    return [`zone.changed ${from.zone} ${from.offset} → ${to.zone} ${to.offset}`]
  })
}

function offsetsIn(records: readonly JournalRecord[]): string {
  return [...new Set(records.map(({ offset }) => offset))].join(', ')
}

function isRising(records: readonly JournalRecord[]): boolean {
  return records.every(({ seq }, index) => seq === index + 1)
}
