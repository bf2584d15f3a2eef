import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { appendFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { readRecordLine } from '../../protocol/read-record.ts'
import { defaultSettings } from '../../protocol/settings.ts'
import { manualClock } from '../../test/manual-clock.ts'
import { exportContext } from '../../test/support/export-context.ts'
import { runTracker } from '../../test/support/genuine-history.ts'
import { filesBelow } from '../../test/support/tracker-home.ts'
import { prepareFolder } from '../adapters/destination/folder/destination.ts'
import { placesOf } from '../platform/files/places.ts'
import { runProgram } from './program.ts'

const root = mkdtempSync(join(tmpdir(), 'export-'))
after(() => rm(root, { recursive: true, force: true }))
let homes = 0

/** A tracker with something in each place: delivered, waiting, held and not sealed yet. */
async function recorded() {
  const home = join(root, `home ${++homes}`)
  const places = placesOf({ ACTIVITY_TRACKER_HOME: home })
  const { delivered } = places
  mkdirSync(home, { mode: 0o700 })
  await prepareFolder(delivered)
  const clock = manualClock('2026-11-22T22:58:00Z')
  {
    await using run = await runTracker({ home, delivered, device: 'device-1', clock, holdSeconds: 60 })
    run.journal.append({ kind: 'agent.started', version: '1', previous_end: null })
    run.journal.append({ kind: 'consent.given', text_version: 3, by: 'chromium' })
    await run.take('delivered')
    await run.work(2)
    await run.take('deleted')
    await run.screenshots.remove(run.screenshots.list.value[0]?.object ?? '', 'chromium')
    await run.work(2)
    await run.deliver()
    await run.take('waiting')
    await run.work(2)
    await run.take('held')
    run.journal.append({ kind: 'resumed', by: 'not sealed yet' })
  }
  await mkdir(dirname(places.log), { recursive: true })
  await writeFile(places.log, '{"event":"started"}\n')
  await writeFile(places.credentials, 'secret-of-the-bucket')
  await writeFile(places.token, 'secret-of-the-socket')
  return { places, to: join(root, `to ${homes}`) }
}

/** Of tests that change nothing in it. */
const shared = recorded()
const elsewhere = async () => ({ ...(await shared), to: join(root, `to ${++homes}`) })

type Recorded = Awaited<ReturnType<typeof recorded>>
async function exported({ places, to }: Pick<Recorded, 'places' | 'to'>, ...words: string[]) {
  const world = exportContext(places)
  const exit = await runProgram(world.context, '1', ['export', '--to', to, ...words])
  return { ...world, exit }
}

const textsBelow = async (folder: string) =>
  new Map(
    [...(await filesBelow(folder))].map(([path, bytes]) => [path.slice(folder.length + 1), bytes.toString()]),
  )

test('all of it is there, once, and opened; nothing secret is', async () => {
  const world = await elsewhere()
  const { exit, err } = await exported(world)
  assert.equal(exit, 0, err.join('\n'))
  const files = await textsBelow(world.to)
  const records = [...files]
    .filter(([path]) => path.startsWith('records/'))
    .flatMap(([path, lines]) =>
      lines
        .trim()
        .split('\n')
        .map(line => ({ path, seq: readRecordLine(line)?.seq, line })),
    )
  assert.deepEqual(
    records.map(({ seq }) => seq).sort((a, b) => Number(a) - Number(b)),
    Array.from({ length: records.length }, (_, at) => at + 1),
  )
  assert.ok(records.some(({ line }) => line.includes('not sealed yet')))
  const pictures = [...files].filter(([path]) => /^(screenshots|held)\//.test(path))
  assert.deepEqual(pictures.map(([, text]) => text).sort(), ['delivered', 'held', 'waiting'])
  const timed = pictures.filter(([path]) =>
    /^screenshots\/device-1\/2026-11-2[23]\/\d\d-\d\d-\d\d\.webp$/.test(path),
  )
  assert.equal(timed.length, 2, pictures.map(([path]) => path).join())
  assert.match(files.get('choices.ndjson') ?? '', /consent.given[\s\S]*screenshot.deleted/)
  assert.deepEqual(JSON.parse(files.get('settings.json') ?? ''), defaultSettings)
  assert.match(files.get('public-keys.json') ?? '', /"age1/)
  assert.match(files.get('database/chain_head.ndjson') ?? '', /"seq":/)
  assert.equal(files.get('log/agent.log'), '{"event":"started"}\n')

  const all = [...files.values()].join('\n')
  for (const file of [world.places.identity, world.places.deviceKey])
    for (const line of (await readFile(file, 'utf8'))
      .split('\n')
      .filter(line => /^(AGE-SECRET|[A-Za-z0-9+/=]{30})/.test(line)))
      assert.ok(!all.includes(line), `${file} is in it`)
  assert.doesNotMatch(all, /secret-of-the/)
})

test('files are for this user alone, and every link of index.html leads to one of them', async () => {
  const world = await elsewhere()
  assert.equal((await exported(world)).exit, 0)
  for (const entry of await readdir(world.to, { recursive: true, withFileTypes: true })) {
    const { mode } = await stat(join(entry.parentPath, entry.name))
    assert.equal(mode & 0o077, 0, entry.name)
  }
  const page = await readFile(join(world.to, 'index.html'), 'utf8')
  const links = [...page.matchAll(/href="([^"]+)"/g)].map(([, link = '']) => decodeURIComponent(link))
  assert.ok(links.length >= 7, links.join())
  for (const link of links) await stat(join(world.to, link))
  assert.match(page, /1 screenshot that you deleted before upload/)
  assert.doesNotMatch(page, /<script|https?:| on\w+=/)
})

test('nothing is written over, and an empty folder is used', async () => {
  const world = await elsewhere()
  await mkdir(world.to)
  await writeFile(join(world.to, 'mine.txt'), 'mine')
  const refused = await exported(world)
  assert.match(refused.err.join('\n'), /^FILE_EXISTS/)
  assert.deepEqual(await readdir(world.to), ['mine.txt'])
  await rm(join(world.to, 'mine.txt'))
  assert.equal((await exported(world)).exit, 0)
})

test('what a killed export left is replaced by the next; a folder of that name that is none stays', async () => {
  const world = await elsewhere()
  assert.equal((await exported(world)).exit, 0)
  const left = `${world.to}.unfinished`
  await rename(world.to, left)
  const foreign = await exported(world)
  assert.match(foreign.err.join('\n'), /^FILE_EXISTS/)
  await writeFile(join(left, '.activity-tracker-export'), '')
  assert.equal((await exported(world)).exit, 0)
  await assert.rejects(stat(left))
})

test('Ctrl+C on the way leaves nothing', async () => {
  const world = await elsewhere()
  const { context, abort } = exportContext(world.places)
  const readFile = context.delivered.readFile
  context.delivered.readFile = path => {
    abort()
    return readFile(path)
  }
  assert.equal(await runProgram(context, '1', ['export', '--to', world.to]), 130)
  await assert.rejects(stat(world.to))
  await assert.rejects(stat(`${world.to}.unfinished`))
})

test('without the identity there is a code, and no folder', async () => {
  const world = await recorded()
  await rename(world.places.identity, join(root, 'away.txt'))
  const { exit, err } = await exported(world)
  assert.match(err.join('\n'), /^IDENTITY_MISSING/)
  assert.notEqual(exit, 0)
  await assert.rejects(stat(world.to))
  assert.equal((await exported(world, '--identity', join(root, 'away.txt'))).exit, 0)
})

test('a damaged object is named, the rest is there, and the exit code says so', async () => {
  const world = await recorded()
  const [path = ''] = [...(await filesBelow(world.places.delivered)).keys()].filter(name =>
    name.endsWith('.age'),
  )
  await appendFile(path, 'x')
  const { exit, err } = await exported(world)
  assert.equal(exit, 65)
  assert.match(err.join('\n'), /OPEN_FAILED[\s\S]*1 of \d+ files could not be opened/)
  const files = await textsBelow(world.to)
  assert.match(files.get('not-opened.txt') ?? '', /\.age: OPEN_FAILED/)
  assert.match(files.get('index.html') ?? '', /1 file that could not be opened/)
})

test('a bucket that was not read is named in the page and on the terminal', async () => {
  const world = await recorded()
  await writeFile(world.places.config, JSON.stringify({ bucket_name: 'team', prefix: 'ana' }))
  const { exit, err } = await exported(world)
  assert.equal(exit, 0, err.join('\n'))
  assert.match(err.join('\n'), /not included: s3:\/\/team\/ana/)
  assert.match(await readFile(join(world.to, 'index.html'), 'utf8'), /<code>s3:\/\/team\/ana/)
})
