import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { beforeEach, describe, test } from 'node:test'
import fc from 'fast-check'
import * as v from 'valibot'
import { linkOf } from '../../native-host/journal/chain-link.ts'
import type { Journal, MinuteTotals } from '../../native-host/journal/ports.ts'
import type { Clock } from '../../native-host/kernel/ports.ts'
import { AppError } from '../../protocol/errors.ts'
import { chainStart, type Entry, recordSchema } from '../../protocol/records.ts'

export type JournalWorld = {
  /** Opens the journal again, as after a restart; what was stored is still there. */
  open(): Journal
  /** From now on there is no room for more, or soon. */
  fillDisk(): void
  freeDisk(): void
  [Symbol.dispose](): void
}

/** What every journal does. */
export function journalContract(name: string, make: (clock: Clock) => JournalWorld): void {
  describe(`journal: ${name}`, () => {
    let now = Temporal.Instant.from('2026-11-22T22:58:30Z')
    let zone = 'Europe/Berlin'
    const clock: Clock = {
      now: () => now,
      zone: () => zone,
      readZone: () => ({ zone, problem: undefined }),
      monotonicMs: () => 0,
      uptimeMs: () => 0,
      sleep: () => Promise.reject(new Error('a journal does not wait')),
    }
    beforeEach(() => {
      now = Temporal.Instant.from('2026-11-22T22:58:30Z')
      zone = 'Europe/Berlin'
    })

    test('a record says its place in the chain and what the clock on the wall showed', () => {
      using world = make(clock)
      const journal = world.open()
      const first = journal.append({ kind: 'resumed' })
      zone = 'Asia/Kathmandu'
      now = now.add({ milliseconds: 1500 })
      const second = journal.append({ kind: 'paused', until: null })

      assert.deepEqual(first, {
        seq: 1,
        prev: chainStart,
        salt: first.salt,
        at: '2026-11-22T22:58:30.000Z',
        zone: 'Europe/Berlin',
        offset: '+01:00',
        kind: 'resumed',
      })
      assert.equal(second.prev, linkOf(JSON.stringify(first), first, sha256))
      assert.equal(second.at, '2026-11-22T22:58:31.500Z')
      assert.equal(second.offset, '+05:45')
    })

    test('unsealed records come oldest first, as the very lines that the chain is over', () => {
      using world = make(clock)
      const journal = world.open()
      assert.equal(journal.unsealed(10), undefined)
      const records = [1, 2, 3].map(text_version => {
        now = now.add({ seconds: 1 })
        return journal.append({ kind: 'consent.given', text_version })
      })

      const two = journal.unsealed(2)
      assert.deepEqual(
        { from: two?.from, to: two?.to, count: two?.count, oldest: two?.oldest.toString() },
        { from: 1, to: 2, count: 2, oldest: '2026-11-22T22:58:31Z' },
      )
      assert.equal(two?.lines, `${JSON.stringify(records[0])}\n${JSON.stringify(records[1])}\n`)
      assert.deepEqual(journal.unsealed(2), two, 'asking changes nothing')
      assert.equal(journal.unsealed(10)?.count, 3)
    })

    test('what is forgotten is gone for good, and the numbers go on', () => {
      using world = make(clock)
      const journal = world.open()
      for (let n = 0; n < 5; n++) journal.append({ kind: 'resumed' })
      journal.forget(3)
      assert.equal(journal.unsealed(10)?.from, 4)
      journal.forget(3)
      journal.forget(5)
      assert.equal(world.open().unsealed(10), undefined)
      assert.equal(world.open().append({ kind: 'resumed' }).seq, 6)
    })

    test('the head is the last record, whether or not it is still here', () => {
      using world = make(clock)
      assert.deepEqual(world.open().head(), { seq: 0, hash: chainStart })
      const journal = world.open()
      const records = [1, 2, 3].map(() => journal.append({ kind: 'resumed' }))
      const headAt = (seq: number) => {
        const record = records[seq - 1]
        return { seq, hash: record ? linkOf(JSON.stringify(record), record, sha256) : chainStart }
      }
      assert.deepEqual(journal.unsealed(2)?.head, headAt(2), 'of a segment it is its own last record')
      assert.deepEqual(journal.unsealed(2)?.before, headAt(0))
      assert.deepEqual(journal.head(), headAt(3))
      assert.deepEqual(journal.sealedHead(), headAt(0))
      journal.forget(2)
      assert.deepEqual(journal.unsealed(2)?.before, headAt(2))
      assert.deepEqual(journal.sealedHead(), headAt(2), 'of what is sealed, and not of what waits')
      journal.forget(3)
      assert.deepEqual(world.open().head(), headAt(3))
      assert.deepEqual(world.open().sealedHead(), headAt(3))
    })

    test('every record has a salt of its own, so that no hash confirms what is in it', () => {
      using world = make(clock)
      const journal = world.open()
      const salts = Array.from({ length: 20 }, () => journal.append({ kind: 'resumed' }).salt)
      for (const salt of salts) assert.match(salt ?? '', /^[A-Za-z0-9_-]{22}$/)
      assert.equal(new Set(salts).size, 20)
    })

    test('the last write is known after a restart, and after its record was forgotten', () => {
      using world = make(clock)
      assert.equal(world.open().lastWrite(), undefined)
      const journal = world.open()
      journal.append({ kind: 'resumed' })
      journal.forget(1)
      assert.equal(world.open().lastWrite()?.toString(), '2026-11-22T22:58:30Z')
    })

    describe('minutes', () => {
      const cases: {
        name: string
        zone: string
        intervals: Partial<Interval>[]
        withdrawn?: { from: string; to: string }
        date: string
        is: object[]
      }[] = [
        {
          name: 'intervals of one minute add up',
          zone: 'UTC',
          intervals: [
            {
              from: '2026-11-22T10:00:00.000Z',
              keys: 3,
              clicks: 1,
              wheel: 2,
              distance_px: 10,
              active_seconds: 4,
            },
            {
              from: '2026-11-22T10:00:50.000Z',
              keys: 4,
              clicks: 2,
              wheel: 0,
              distance_px: 5,
              active_seconds: 9,
            },
          ],
          date: '2026-11-22',
          is: [
            {
              at: '10:00+00:00',
              keys: 7,
              clicks: 3,
              wheel: 2,
              distance_px: 15,
              active_seconds: 13,
              flagged_seconds: 0,
            },
          ],
        },
        {
          name: 'where an interval began decides, on the local clock',
          zone: 'Europe/Berlin',
          intervals: [
            { from: '2026-11-22T22:59:55.000Z', keys: 1, active_seconds: 1 },
            { from: '2026-11-22T23:00:05.000Z', keys: 2, active_seconds: 2 },
          ],
          date: '2026-11-23',
          is: [
            {
              at: '00:00+01:00',
              keys: 2,
              clicks: 0,
              wheel: 0,
              distance_px: 0,
              active_seconds: 2,
              flagged_seconds: 0,
            },
          ],
        },
        {
          name: 'the hour that summer time repeats comes twice, and each time has its own minutes',
          zone: 'Europe/Berlin',
          intervals: [
            { from: '2026-10-25T00:30:00.000Z', keys: 1, active_seconds: 1 },
            { from: '2026-10-25T01:30:00.000Z', keys: 2, active_seconds: 2 },
          ],
          date: '2026-10-25',
          is: [
            {
              at: '02:30+02:00',
              keys: 1,
              clicks: 0,
              wheel: 0,
              distance_px: 0,
              active_seconds: 1,
              flagged_seconds: 0,
            },
            {
              at: '02:30+01:00',
              keys: 2,
              clicks: 0,
              wheel: 0,
              distance_px: 0,
              active_seconds: 2,
              flagged_seconds: 0,
            },
          ],
        },
        {
          name: 'seconds are flagged unless the verdict is genuine',
          zone: 'UTC',
          intervals: [
            { from: '2026-11-22T10:00:00.000Z', active_seconds: 1, genuineness: verdict('genuine') },
            { from: '2026-11-22T10:00:10.000Z', active_seconds: 2, genuineness: verdict('suspect') },
            { from: '2026-11-22T10:00:20.000Z', active_seconds: 4, genuineness: verdict('scripted') },
          ],
          date: '2026-11-22',
          is: [
            {
              at: '10:00+00:00',
              keys: 0,
              clicks: 0,
              wheel: 0,
              distance_px: 0,
              active_seconds: 7,
              flagged_seconds: 6,
            },
          ],
        },
        {
          name: 'when a stretch began marks nothing by itself: what was stored before is for a record of its own',
          zone: 'UTC',
          intervals: [
            { from: '2026-11-22T10:01:00.000Z', active_seconds: 6 },
            {
              from: '2026-11-22T10:02:00.000Z',
              active_seconds: 7,
              genuineness: { ...verdict('scripted'), since: '2026-11-22T10:00:30.000Z' },
            },
          ],
          date: '2026-11-22',
          is: [
            { at: '10:01+00:00', ...noInput, active_seconds: 6, flagged_seconds: 0 },
            { at: '10:02+00:00', ...noInput, active_seconds: 7, flagged_seconds: 7 },
          ],
        },
        {
          name: 'a verdict that was withdrawn leaves no flag, and what was discarded counts again',
          zone: 'UTC',
          intervals: [
            {
              from: '2026-11-22T10:00:00.000Z',
              keys: 1,
              active_seconds: 5,
              genuineness: verdict('scripted'),
            },
            {
              from: '2026-11-22T10:01:00.000Z',
              genuineness: verdict('scripted'),
              discarded: { keys: 7, clicks: 6, wheel: 5, distance_px: 4, active_seconds: 3 },
            },
            {
              from: '2026-11-22T10:05:00.000Z',
              active_seconds: 2,
              genuineness: verdict('scripted'),
            },
          ],
          withdrawn: { from: '2026-11-22T10:00:00.000Z', to: '2026-11-22T10:01:10.000Z' },
          date: '2026-11-22',
          is: [
            { at: '10:00+00:00', ...noInput, keys: 1, active_seconds: 5, flagged_seconds: 0 },
            {
              at: '10:01+00:00',
              keys: 7,
              clicks: 6,
              wheel: 5,
              distance_px: 4,
              active_seconds: 3,
              flagged_seconds: 0,
            },
            { at: '10:05+00:00', ...noInput, active_seconds: 2, flagged_seconds: 2 },
          ],
        },
        {
          name: 'discarded counts stay out',
          zone: 'UTC',
          intervals: [
            {
              from: '2026-11-22T10:00:00.000Z',
              keys: 1,
              active_seconds: 1,
              discarded: { keys: 100, clicks: 100, wheel: 100, distance_px: 100, active_seconds: 9 },
            },
          ],
          date: '2026-11-22',
          is: [
            {
              at: '10:00+00:00',
              keys: 1,
              clicks: 0,
              wheel: 0,
              distance_px: 0,
              active_seconds: 1,
              flagged_seconds: 0,
            },
          ],
        },
      ]
      for (const { name, zone: where, intervals, withdrawn, date, is } of cases)
        test(name, () => {
          using world = make(clock)
          const journal = world.open()
          zone = where
          for (const each of intervals) journal.append(interval(each))
          if (withdrawn) journal.append({ kind: 'verdict.withdrawn', ...withdrawn })
          assert.deepEqual(shown(journal.minutesOf(date)), is)
          journal.forget(100)
          assert.deepEqual(shown(world.open().minutesOf(date)), is, 'they outlive their records')
        })

      describe('a verdict that reaches back', () => {
        const counts = { keys: 7, clicks: 6, wheel: 5, distance_px: 40, active_seconds: 3 }
        const nine = '2026-11-22T09:00:00.000Z'
        const minute = { start: nine, zone: 'UTC', ...counts }
        /** Twice the counts in one minute, of which the verdict is about half. */
        const spend = (journal: Journal) => {
          zone = 'UTC'
          for (const from of [nine, '2026-11-22T09:00:10.000Z']) journal.append(interval({ from, ...counts }))
        }
        const total = (journal: Journal) => {
          const [spent, ...more] = journal.minutesOf('2026-11-22')
          assert.deepEqual(more, [])
          return spent && { keys: spent.keys, active: spent.active_seconds, flagged: spent.flagged_seconds }
        }
        const all = { keys: 14, active: 6, flagged: 0 }

        test('marks what was counted, and withdrawn it marks nothing', () => {
          using world = make(clock)
          const journal = world.open()
          spend(journal)
          journal.append(extended('flag', minute))
          assert.deepEqual(total(world.open()), { ...all, flagged: 3 })
          const again = world.open()
          again.append({ kind: 'verdict.withdrawn', from: nine, to: nine })
          assert.deepEqual(total(again), all)
        })

        test('takes out what was counted, and withdrawn it counts again, once', () => {
          using world = make(clock)
          spend(world.open())
          // Sealed and delivered long ago, and the tracker was started again.
          world.open().forget(100)
          world.open().append(extended('discard', minute))
          assert.deepEqual(total(world.open()), { keys: 7, active: 3, flagged: 0 })
          const again = world.open()
          for (let n = 0; n < 2; n++) again.append({ kind: 'verdict.withdrawn', from: nine, to: nine })
          assert.deepEqual(total(again), all)
        })

        test('each minute keeps its day and its zone, also after the person travels', () => {
          using world = make(clock)
          const journal = world.open()
          const places = [
            { start: '2026-11-22T22:59:00.000Z', zone: 'Europe/Berlin' },
            { start: '2026-11-22T23:00:00.000Z', zone: 'Europe/Berlin' },
            { start: '2026-11-22T23:01:00.000Z', zone: 'Asia/Kathmandu' },
          ]
          for (const { start, zone: where } of places) {
            zone = where
            journal.append(interval({ from: start, ...counts }))
          }
          const days = (active_seconds: number) => [
            { date: '2026-11-23', zone: 'Europe/Berlin', active_seconds, flagged_seconds: 0 },
            { date: '2026-11-23', zone: 'Asia/Kathmandu', active_seconds, flagged_seconds: 0 },
            { date: '2026-11-22', zone: 'Europe/Berlin', active_seconds, flagged_seconds: 0 },
          ]
          zone = 'America/New_York'
          journal.append(extended('discard', ...places.map(place => ({ ...place, ...counts }))))
          assert.deepEqual(plain(journal.lastDays(9)), days(0))
          journal.append({
            kind: 'verdict.withdrawn',
            from: '2026-11-22T22:59:00.000Z',
            to: '2026-11-22T23:01:10.000Z',
          })
          assert.deepEqual(plain(journal.lastDays(9)), days(3))
        })

        test('takes no more than there is: a database that was rebuilt may have lost some', () => {
          using world = make(clock)
          const journal = world.open()
          spend(journal)
          journal.append(extended('flag', { ...minute, active_seconds: 100 }))
          assert.deepEqual(total(journal), { ...all, flagged: 6 })
          journal.append(extended('discard', { ...minute, keys: 100, active_seconds: 5 }))
          assert.deepEqual(total(journal), { keys: 0, active: 1, flagged: 1 })
          journal.append(extended('flag', { ...minute, start: '2026-11-22T11:00:00.000Z' }))
          assert.deepEqual(total(journal), { keys: 0, active: 1, flagged: 1 })
        })

        test('is stored together with what it takes out, or neither is: a full disk', () => {
          using world = make(clock)
          const journal = world.open()
          zone = 'UTC'
          journal.append(interval({ from: nine, ...counts, keys: 20_000 }))
          const judgeOne = () =>
            journal.append(
              extended('discard', { start: nine, zone: 'UTC', ...noInput, keys: 1, active_seconds: 0 }),
            )
          world.fillDisk()
          let stored = 0
          assert.throws(
            () => {
              for (; stored < 10_000; stored++) judgeOne()
            },
            (error: unknown) => error instanceof AppError && error.code === 'DISK_FULL',
          )
          assert.equal(total(journal)?.keys, 20_000 - stored)
          world.freeDisk()
          judgeOne()
          assert.equal(total(world.open())?.keys, 20_000 - stored - 1)
        })
      })

      test('come in order and only of the day asked for', () => {
        using world = make(clock)
        const journal = world.open()
        zone = 'UTC'
        for (const from of [
          '2026-11-23T00:00:00.000Z',
          '2026-11-22T12:00:00.000Z',
          '2026-11-22T11:00:00.000Z',
        ])
          journal.append(interval({ from, active_seconds: 1 }))
        assert.deepEqual(
          journal.minutesOf('2026-11-22').map(({ start }) => start.toString()),
          ['2026-11-22T11:00:00Z', '2026-11-22T12:00:00Z'],
        )
        assert.deepEqual(journal.minutesOf('2026-11-24'), [])
      })

      test('a day with two zones keeps both, though the local time is the same', () => {
        using world = make(clock)
        const journal = world.open()
        zone = 'Europe/Berlin'
        journal.append(interval({ from: '2026-11-22T08:00:00.000Z', active_seconds: 5 }))
        zone = 'America/New_York'
        journal.append(interval({ from: '2026-11-22T14:00:00.000Z', active_seconds: 7 }))
        journal.append(
          interval({ from: '2026-11-22T14:00:10.000Z', active_seconds: 2, genuineness: verdict('scripted') }),
        )
        assert.deepEqual(
          journal.minutesOf('2026-11-22').map(minute => [minute.zone, minute.active_seconds]),
          [
            ['Europe/Berlin', 5],
            ['America/New_York', 9],
          ],
        )
        const travelled = [
          { date: '2026-11-22', zone: 'Europe/Berlin', active_seconds: 5, flagged_seconds: 0 },
          { date: '2026-11-22', zone: 'America/New_York', active_seconds: 9, flagged_seconds: 2 },
        ]
        assert.deepEqual(plain(journal.lastDays(1)), travelled)
        journal.append({
          kind: 'verdict.withdrawn',
          from: '2026-11-22T14:00:30.000Z',
          to: '2026-11-22T14:00:40.000Z',
        })
        assert.equal(journal.lastDays(1)[1]?.flagged_seconds, 0, 'in any zone in which the person says so')
      })

      test('the last days come latest first, and those without anything do not count', () => {
        using world = make(clock)
        const journal = world.open()
        zone = 'Pacific/Kiritimati'
        for (const day of ['19', '21', '22'])
          journal.append(interval({ from: `2026-11-${day}T12:00:00.000Z`, active_seconds: Number(day) }))
        assert.deepEqual(
          journal.lastDays(2).map(({ date, active_seconds }) => [date, active_seconds]),
          [
            ['2026-11-23', 22],
            ['2026-11-22', 21],
          ],
        )
        assert.equal(journal.lastDays(10).length, 3)
      })
    })

    test('a full disk: what was not stored left no trace, and the chain goes on when there is room', () => {
      using world = make(clock)
      const journal = world.open()
      const entry = interval({ from: '2026-11-22T10:00:00.000Z', keys: 1, active_seconds: 1 })
      zone = 'UTC'
      journal.append(entry)
      const totalBefore = () => journal.minutesOf('2026-11-22')[0]?.keys ?? 0

      world.fillDisk()
      let stored = 1
      assert.throws(
        () => {
          for (; stored < 10_000; stored++) journal.append(entry)
        },
        (error: unknown) => error instanceof AppError && error.code === 'DISK_FULL',
      )
      assert.equal(totalBefore(), stored)
      world.freeDisk()

      assert.equal(journal.append(entry).seq, stored + 1)
      assert.equal(totalBefore(), stored + 1)
      checkChain(linesOf(journal))
    })

    test('property: however it is used and restarted, the chain is whole', () => {
      const step = fc.oneof(
        fc.record({ do: fc.constant('append' as const), text: fc.string({ unit: 'binary', maxLength: 20 }) }),
        fc.record({ do: fc.constant('forget' as const), all: fc.boolean() }),
        fc.record({ do: fc.constant('reopen' as const) }),
      )
      fc.assert(
        fc.property(fc.array(step, { maxLength: 30 }), steps => {
          using world = make(clock)
          let journal = world.open()
          const sealed: string[] = []
          for (const next of steps)
            switch (next.do) {
              case 'append':
                journal.append({ kind: 'setting.changed', name: 'folder', value: next.text })
                break
              case 'forget': {
                const segment = journal.unsealed(next.all ? 1000 : 2)
                if (!segment) break
                sealed.push(...split(segment.lines))
                journal.forget(segment.to)
                break
              }
              case 'reopen':
                journal = world.open()
            }
          const lines = [...sealed, ...linesOf(journal)]
          assert.equal(lines.length, steps.filter(each => each.do === 'append').length)
          checkChain(lines)
        }),
        { numRuns: 30 },
      )
    })
  })
}

type Interval = Extract<Entry, { kind: 'interval' }>
type ExtendedVerdict = Extract<Entry, { kind: 'verdict.extended' }>

function interval(given: Partial<Interval>): Entry {
  return {
    kind: 'interval',
    from: '2026-11-22T10:00:00.000Z',
    length_ms: 10_000,
    keys: 0,
    clicks: 0,
    wheel: 0,
    distance_px: 0,
    active_seconds: 0,
    activity: '1000000000',
    presence: 'active',
    genuineness: verdict('genuine'),
    ...given,
  }
}

function extended(
  scripted_input: ExtendedVerdict['scripted_input'],
  ...minutes: ExtendedVerdict['minutes']
): Entry {
  const [from, to] = ['2026-11-22T09:00:00.000Z', '2026-11-22T09:00:10.000Z']
  return { kind: 'verdict.extended', from, to, genuineness: verdict('scripted'), scripted_input, minutes }
}

const noInput = { keys: 0, clicks: 0, wheel: 0, distance_px: 0 }

function verdict(verdict: Interval['genuineness']['verdict']): Interval['genuineness'] {
  return { verdict, rules: 1, evidence: [] }
}

/** Rows of a database have no prototype, which is of no interest here. */
function plain(rows: readonly object[]): object[] {
  return rows.map(row => ({ ...row }))
}

/** With the time that the person's clock showed. */
function shown(minutes: readonly MinuteTotals[]): object[] {
  return minutes.map(({ start, zone, ...totals }) => {
    const local = start.toZonedDateTimeISO(zone)
    const at = local.toString({ smallestUnit: 'minute', timeZoneName: 'never' }).slice('2026-11-22T'.length)
    return { at, ...totals }
  })
}

function linesOf(journal: Journal): string[] {
  return split(journal.unsealed(100_000)?.lines ?? '')
}

function split(lines: string): string[] {
  return lines.split('\n').slice(0, -1)
}

const sha256 = (text: string) => hash('sha256', text)

function checkChain(lines: readonly string[]): void {
  let expected = { seq: 1, prev: chainStart }
  for (const line of lines) {
    const record = v.parse(recordSchema, JSON.parse(line))
    const { seq, prev } = record
    assert.deepEqual({ seq, prev }, expected)
    expected = { seq: seq + 1, prev: linkOf(line, record, sha256) }
  }
}
