import assert from 'node:assert/strict'
import { appendFile, cp, readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { after, before, test } from 'node:test'
import { DuckDBConnection } from '@duckdb/node-api'
import * as v from 'valibot'
import { createIdentity } from '../../native-host/adapters/seal/keys.ts'
import { placesOf } from '../../native-host/platform/files/places.ts'
import { reportSchema } from '../../protocol/report.ts'
import { sumByDate } from '../journey/expected-days.ts'
import { type Injected, recordTenDays, type TenDays } from '../journey/ten-days.ts'
import { brokenLinks, type OpenedObjects, openWithAge } from '../support/opened-objects.ts'
import { runCli } from '../support/run-cli.ts'
import { createTrackerHome, type TrackerHome } from '../support/tracker-home.ts'
import { noTurnedComputer } from '../support/turned-computer.ts'

/**
 * Ten days of one person, made by the real agent and delivered to a real server, and read on a computer that has no
 * tracker. What was put in is known exactly.
 */
const skip = noTurnedComputer()
const undo = new AsyncDisposableStack()
let days: TenDays
let owner: TrackerHome
let restored: string
let opened: OpenedObjects
/** Below the folder, as they were delivered. */
let segments: string[]

before(async () => {
  if (skip !== undefined) return
  days = await recordTenDays(undo)
  owner = undo.use(await createTrackerHome())
  owner.env.AWS_ACCESS_KEY_ID = days.server.owner.accessKeyId
  owner.env.AWS_SECRET_ACCESS_KEY = days.server.owner.secretAccessKey
  restored = join(owner.root, 'restored')
  const identity = join(owner.root, 'identity.txt')
  await cp(days.computer.home.places.identity, identity)
  const { exit, stderr } = await cli('restore', ...inBucket(), '--sealed', '--to', restored)
  assert.equal(exit, 0, stderr)
  opened = await openWithAge(restored, identity)
  segments = (await readdir(restored, { recursive: true })).filter(path =>
    isSegment(path.replace(/\.zst\.age$/, '')),
  )
})
after(() => undo.disposeAsync())

const cli = (...words: string[]) =>
  runCli([...words, '--identity', join(owner.root, 'identity.txt')], { env: owner.env })
/** As an owner names it, with credentials of their own. */
const inBucket = () => [`s3://${days.bucket}/${days.prefix}`, '--endpoint', days.server.endpoint]

test('the records hold exactly what was put in, and nothing of the pause', { skip }, () => {
  const summed = sumByDate(opened.records)
  assert.deepEqual(brokenLinks(opened), [])
  assert.equal(days.injected.size, 10)
  assert.deepEqual(
    Object.fromEntries([...summed].map(([date, sums]) => [date, countsIn(sums)])),
    Object.fromEntries(days.injected),
  )
})

test('only the script is flagged, and what the person calls theirs is not any more', { skip }, () => {
  const summed = sumByDate(opened.records)
  assert.deepEqual(
    [...summed].filter(([, { verdicts }]) => verdicts.length > 0).map(([date]) => date),
    ['2026-10-24', '2026-10-26'],
  )
  assert.deepEqual(
    [...summed].filter(([, { flagged }]) => flagged > 0).map(([date]) => date),
    ['2026-10-24'],
  )
})

test('the agent showed every day as its records add up', { skip }, () => {
  const summed = sumByDate(opened.records)
  assert.equal(days.shown.size, 9)
  for (const [date, { seconds }] of days.shown) {
    const sums = summed.get(date)
    assert.deepEqual([seconds.active, seconds.flagged], [sums?.active, sums?.flagged], date)
    // The lane begins where the last interval ends, a moment after the record of the pause.
    assert.ok(Math.abs(seconds.paused - (sums?.paused ?? 0)) <= 1, `${date}: ${seconds.paused}`)
  }
  assert.ok((days.shown.get('2026-10-21')?.seconds.paused ?? 0) >= 2)
  const zones = (date: string) => days.shown.get(date)?.zones.map(({ zone }) => zone)
  assert.deepEqual(zones('2026-10-27'), ['Europe/Berlin', 'America/New_York'])
  const [sunday] = days.shown.get('2026-10-25')?.zones ?? []
  assert.equal(Date.parse(sunday?.to ?? '') - Date.parse(sunday?.from ?? ''), 25 * 3_600_000)
})

test('one command opens all of it into a folder, and a second one fetches nothing', { skip }, async () => {
  const to = join(owner.root, 'opened')
  const first = await cli('restore', ...inBucket(), '--to', to, '--json')
  assert.equal(first.exit, 0, first.stderr)
  const { found, restored: count, here } = JSON.parse(first.stdout)
  assert.deepEqual([found, count, here], [0, segments.length + opened.pictures.size, 0])
  assert.deepEqual(await linesBelow(to), opened.lines)
  const again = JSON.parse((await cli('restore', ...inBucket(), '--to', to, '--json')).stdout)
  assert.deepEqual([again.restored, again.here], [0, count])
})

test('every format of the report says what was put in, and what the agent showed', { skip }, async () => {
  const put = [...days.injected].map(([date, counts]) => [date, ...Object.values(counts)])
  const seconds = [...sumByDate(opened.records)].map(([date, { active, flagged }]) => [date, active, flagged])
  const report = async (format: string) => {
    const out = join(owner.root, `report.${format}`)
    const { exit, stderr } = await cli('report', ...inBucket(), '--format', format, '--out', out)
    assert.equal(exit, 0, `${format}: ${stderr}`)
    return out
  }
  const json = JSON.parse(await readFile(await report('json'), 'utf8'))
  const html = await readFile(await report('html'), 'utf8')
  const page = JSON.parse(/id="data"[^>]*>([^<]*)</.exec(html)?.[1] ?? '{}')
  for (const { devices } of [v.parse(reportSchema, json), v.parse(reportSchema, page.report ?? page)]) {
    const [device] = devices
    assert.deepEqual(
      [devices.length, device?.findings, device?.proven_to?.slice(0, 10)],
      [1, [], '2026-10-29'],
    )
    const built = device?.days ?? []
    assert.deepEqual(
      built.map(({ date, totals }) => [date, ...Object.values(countsIn(totals))]),
      put,
    )
    for (const { date, zones, spans, totals } of built) {
      const shown = days.shown.get(date)
      if (!shown) continue
      const { active, there, idle, flagged, paused, gap } = totals
      assert.deepEqual({ active, there, idle, flagged, paused, gap }, shown.seconds, date)
      assert.deepEqual({ zones, spans }, { zones: shown.zones, spans: shown.spans }, date)
    }
    assert.deepEqual(
      built.flatMap(({ screenshots }) => screenshots.map(({ state }) => state)),
      ['delivered', 'deleted', 'delivered'],
    )
    assert.deepEqual(
      built.flatMap(({ date, flags }) => flags.map(({ withdrawn }) => [date, withdrawn])),
      [
        ['2026-10-24', false],
        ['2026-10-26', true],
      ],
    )
  }
  const columns = ['period', 'keys', 'clicks', 'wheel', 'distance_px', 'active_s', 'flagged_s']
  const expected = put.map((row, day) => [...row, ...(seconds[day] ?? []).slice(1)])
  const rows = (await readFile(await report('ndjson'), 'utf8')).trim().split('\n')
  assert.deepEqual(
    rows.map(line => columns.map(column => JSON.parse(line)[column])),
    expected,
  )
  for (const format of ['csv', 'parquet'])
    assert.deepEqual(await selected(columns, await report(format)), expected, format)
})

test('all of it verifies in the bucket, and opens there', { skip }, async () => {
  const { exit, stdout } = await cli('verify', ...inBucket())
  assert.equal(exit, 0, stdout)
  assert.match(stdout, /Proven up to 2026-10-29/)
  const records = await cli('open', ...inBucket(), '--out', join(owner.root, 'pictures'))
  assert.equal(records.exit, 0, records.stderr)
  assert.deepEqual(
    records.stdout.split('\n').filter(line => line !== ''),
    opened.lines,
  )
})

test('three damaged objects are named, each for what is wrong with it', { skip }, async () => {
  const damaged = join(owner.root, 'damaged')
  await cp(restored, damaged, { recursive: true })
  const [flipped = '', cut = '', foreign = ''] = segments.slice(3).map(path => join(damaged, path))
  const bytes = await readFile(flipped)
  bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1)
  await writeFile(flipped, bytes)
  await truncate(cut, 100)
  await writeFile(foreign, 'none of ours')
  await appendFile(join(damaged, 'notes.txt'), 'no object')
  const saved = join(owner.root, 'saved')
  for (const words of [
    ['verify', damaged],
    ['restore', damaged, '--to', saved],
  ]) {
    const { exit, stdout, stderr } = await cli(...words)
    assert.equal(exit, 65, stderr)
    for (const path of [flipped, cut, foreign]) assert.ok(stdout.includes(basename(path)), path)
  }
  const lost = new Set([flipped, cut, foreign].map(path => numberOf(path)))
  const kept = (await readdir(saved, { recursive: true })).filter(isSegment)
  assert.equal(kept.length, segments.length - lost.size)
  assert.ok(kept.every(path => !lost.has(numberOf(path))))
})

/** By a program that knows nothing of ours. */
async function selected(columns: readonly string[], file: string): Promise<unknown[][]> {
  const connection = await DuckDBConnection.create()
  const reader = await connection.runAndReadAll(`SELECT ${columns} FROM '${file}' ORDER BY period`)
  connection.closeSync()
  return reader
    .getRowsJS()
    .map(([period, ...rest]) => [
      period instanceof Date ? period.toISOString().slice(0, 10) : period,
      ...rest.map(Number),
    ])
}

const isSegment = (path: string) => path.endsWith('.records.ndjson')
const numberOf = (path: string) => basename(path).slice(0, 12)

/** Of all segments, in their order. */
async function linesBelow(folder: string): Promise<string[]> {
  const paths = (await readdir(folder, { recursive: true })).filter(isSegment)
  const ordered = paths.sort((a, b) => numberOf(a).localeCompare(numberOf(b)))
  const texts = await Promise.all(ordered.map(path => readFile(join(folder, path), 'utf8')))
  return texts.flatMap(text => text.split('\n').filter(line => line !== ''))
}

test('a proof of six days says what was shown, and a changed one is none', { skip }, async () => {
  const page = join(owner.root, 'proof.html')
  const span = ['--from', '2026-10-22', '--until', '2026-10-27']
  const shared = await cli('share', ...inBucket(), ...span, '--out', page)
  assert.equal(shared.exit, 0, shared.stderr)
  assert.match(shared.stdout, /^([0-9A-Z]{4}-){3}[0-9A-Z]{4}\n$/)
  const checked = await cli('verify', page)
  assert.equal(checked.exit, 0, checked.stdout)
  const html = await readFile(page, 'utf8')
  await writeFile(page, html.replace(/\\"keys\\":[1-9]\d*/, '\\"keys\\":999'))
  assert.notEqual(await readFile(page, 'utf8'), html)
  assert.equal((await cli('verify', page)).exit, 65)
})

test('an identity that opens nothing is called the wrong one', { skip }, async () => {
  const other = join(owner.root, 'other-identity.txt')
  await createIdentity(placesOf({ ACTIVITY_TRACKER_HOME: join(owner.root, 'another') }), { file: other })
  for (const words of [['verify'], ['restore', '--to', join(owner.root, 'nothing')]]) {
    const { exit, stderr } = await runCli([...words, restored, '--identity', other], { env: owner.env })
    assert.equal(exit, 65)
    assert.match(stderr, /OPEN_FAILED[\s\S]*none of 15 files opens with this identity/)
  }
})

function countsIn({ keys, clicks, wheel, distance_px }: Injected): Injected {
  return { keys, clicks, wheel, distance_px }
}
