import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import * as v from 'valibot'
import { identityOpener } from '../native-host/adapters/seal/identity-opener.ts'
import { unpackSegment } from '../native-host/adapters/seal/unpack-segment.ts'
import { openConfigFile } from '../native-host/adapters/store/config-file.ts'
import { openJournal } from '../native-host/adapters/store/journal-sqlite.ts'
import { openMemory } from '../native-host/adapters/store/memory-sqlite.ts'
import { openDatabase } from '../native-host/adapters/store/sqlite.ts'
import { openTimelineStore } from '../native-host/adapters/store/timeline-sqlite.ts'
import { placesOf } from '../native-host/platform/files/places.ts'
import { createDayBuilder } from '../native-host/reader/build-days.ts'
import { followDay } from '../native-host/timeline/follow-day.ts'
import { entrySchema, type JournalRecord, recordSchema } from '../protocol/records.ts'
import { manualClock } from './manual-clock.ts'
import { isPicture } from './support/opened-objects.ts'
import { objectsBelow } from './support/tracker-home.ts'
import { createVerifier } from './support/verified-folder.ts'

/**
 * What earlier releases stored and delivered is read for ever. The fixtures are never changed; tools/fixtures makes a
 * new one for a new format. What each holds stands here by hand, from the story that it was made of.
 */
const fixtures = join(import.meta.dirname, 'fixtures')

const known = {
  'formats-2026-11': {
    devices: {
      grown: { records: 189, segments: 22, screenshots: 3, provenTo: '2026-10-23T09:31:00.000Z' },
      present: { records: 311, segments: 12, screenshots: 4, provenTo: '2026-10-26T14:15:00.000Z' },
    },
    gaps: {
      grown: ['not-running'],
      present: [
        ...['clock-changed', 'paused', 'not-running', 'asleep', 'agent-killed', 'not-running'],
        ...['low-battery', 'consent-needed'],
      ],
    },
    /** By hand, of the story: 180, 42, 137 and 64 counted intervals of five active seconds each. */
    totals: {
      grown: {
        '2026-10-23': {
          ...{ active: 900, there: 1800, idle: 0, flagged: 0, paused: 0, gap: 60 },
          ...{ keys: 720, clicks: 180, wheel: 360, distance_px: 54_000 },
        },
      },
      present: {
        '2026-10-24': {
          ...{ active: 210, there: 420, idle: 0, flagged: 40, paused: 300, gap: 53_280 },
          ...{ keys: 168, clicks: 42, wheel: 84, distance_px: 12_600 },
        },
        '2026-10-25': {
          ...{ active: 685, there: 1370, idle: 120, flagged: 0, paused: 0, gap: 88_510 },
          ...{ keys: 548, clicks: 137, wheel: 274, distance_px: 41_100 },
        },
        '2026-10-26': {
          ...{ active: 320, there: 720, idle: 0, flagged: 40, paused: 60, gap: 54_120 },
          ...{ keys: 256, clicks: 64, wheel: 128, distance_px: 19_200 },
        },
      },
    },
    settings: { hold_screenshots: 3600, trusted_devices: 'Made-up pen', bucket_name: 'made-up-records' },
    database: {
      device: 'present',
      /** By date: seconds with input, and those that were flagged and not taken out. */
      days: [
        ['2026-10-26', 'Europe/Berlin', 60, 0],
        ['2026-10-26', 'America/New_York', 260, 0],
        ['2026-10-25', 'Europe/Berlin', 685, 0],
        ['2026-10-24', 'Europe/Berlin', 210, 40],
      ],
      unsealed: ['agent.ended'],
    },
  },
} as const

test('every fixture is known', () => {
  // Beside them lies a proof, which has a test of its own.
  const formats = readdirSync(fixtures).filter(name => name.startsWith('formats-'))
  assert.deepEqual(formats.sort(), Object.keys(known).sort())
})

test('every kind of record that exists is in a fixture; node tools/fixtures/main.ts makes another one', async () => {
  const found = new Set<string>()
  for (const name of Object.keys(known)) for (const { kind } of (await opened(name)).records) found.add(kind)
  assert.deepEqual(
    entrySchema.options.map(({ entries }) => entries.kind.literal).filter(kind => !found.has(kind)),
    [],
  )
})

for (const [name, expected] of Object.entries(known))
  describe(name, () => {
    const folder = join(fixtures, name)

    test('it verifies, with everything that it holds and with the cause of every gap', async () => {
      const verify = createVerifier(identityOf(name))
      const now = Temporal.Instant.from('2040-01-01T00:00:00Z')
      const { all, devices } = await verify.folder(join(folder, 'delivered'), { now })
      assert.deepEqual(all, [])
      assert.deepEqual(
        Object.fromEntries(
          devices.map(({ device = '', records, segments, screenshots, provenTo }) => [
            device,
            { records, segments, screenshots, provenTo },
          ]),
        ),
        expected.devices,
      )
      assert.deepEqual(
        Object.fromEntries(devices.map(({ device = '', gaps }) => [device, gaps.map(({ cause }) => cause)])),
        expected.gaps,
      )
    })

    test('its days are the same to the second', async () => {
      for (const [device, totals] of Object.entries(expected.totals)) {
        const builder = createDayBuilder()
        for (const record of (await opened(name, device)).records) builder.note(record)
        const days = builder.days(() => 'delivered')
        assert.deepEqual(Object.fromEntries(days.map(day => [day.date, day.totals])), totals)
      }
    })

    test('its pictures open to pictures, and its records are records', async () => {
      const { records, pictures } = await opened(name)
      assert.equal(pictures.filter(bytes => !isPicture(bytes)).length, 0)
      const { devices } = expected
      const sum = (what: 'records' | 'screenshots') =>
        Object.values(devices).reduce((all, device) => all + device[what], 0)
      assert.deepEqual([records.length, pictures.length], [sum('records'), sum('screenshots')])
    })

    test('its settings are read as they were set', async t => {
      const { current, problems } = await openConfigFile(join(homeOf(t, name), 'config.json'))
      assert.deepEqual(problems, [])
      for (const [setting, value] of Object.entries(expected.settings))
        assert.equal(Object(current.value)[setting], value, setting)
    })

    test('its database is gone on with', t => {
      const { db, problem } = openDatabase(join(homeOf(t, name), 'state.db'))
      t.after(() => db.close())
      assert.equal(problem, undefined)
      const { device, days, unsealed } = expected.database
      assert.equal(openMemory(db).get('device'), device)
      const clock = manualClock('2026-10-26T14:15:00Z', 'America/New_York')
      const { journal, dayOf } = followDay({ clock, kept: openTimelineStore(db) }, openJournal(db, clock))
      assert.deepEqual(
        journal
          .lastDays(9)
          .map(({ date, zone, active_seconds, flagged_seconds }) => [
            date,
            zone,
            active_seconds,
            flagged_seconds,
          ]),
        days,
      )
      const lines = journal.unsealed(100)?.lines.trim().split('\n') ?? []
      assert.deepEqual(
        lines.map(line => v.parse(recordSchema, JSON.parse(line)).kind),
        unsealed,
      )
      for (const [date, totals] of Object.entries(expected.totals[device])) {
        const { active, there, idle, flagged, paused, gap } = totals
        assert.deepEqual(dayOf(date).seconds, { active, there, idle, flagged, paused, gap }, date)
      }
      const { seq } = journal.head()
      assert.equal(journal.append({ kind: 'resumed' }).seq, seq + 1)
    })
  })

function identityOf(name: string): string {
  return join(fixtures, name, 'TEST-ONLY-identity.txt')
}

/** In the order of their numbers. */
async function opened(name: string, device = ''): Promise<{ records: JournalRecord[]; pictures: Buffer[] }> {
  const { open } = await identityOpener([identityOf(name)], placesOf({}))
  const records: JournalRecord[] = []
  const pictures: Buffer[] = []
  for (const path of (await objectsBelow(join(fixtures, name, 'delivered', device))).keys()) {
    const bytes = await open(await readFile(path))
    if (path.includes('.screenshot.')) pictures.push(Buffer.from(bytes))
    else
      for (const line of Buffer.from(await unpackSegment(bytes))
        .toString('utf8')
        .trim()
        .split('\n'))
        records.push(v.parse(recordSchema, JSON.parse(line)))
  }
  return { records: records.sort((a, b) => a.seq - b.seq), pictures }
}

/** A copy: to open it is to write to it. */
function homeOf(t: TestContext, name: string): string {
  const home = mkdtempSync(join(tmpdir(), 'at-fixture-'))
  t.after(() => rmSync(home, { recursive: true, force: true }))
  cpSync(join(fixtures, name, 'home'), home, { recursive: true })
  return home
}
