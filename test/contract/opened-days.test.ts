import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { appendFile, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { prepareFolder } from '../../native-host/adapters/destination/folder/destination.ts'
import { localObjects } from '../../native-host/adapters/store/local-objects.ts'
import { openWithOwnIdentity } from '../../native-host/agent/opened.ts'
import { createOpenedDays } from '../../native-host/opened/open-days.ts'
import type { OpenedNews, WantedDays } from '../../native-host/opened/ports.ts'
import { createDayBuilder } from '../../native-host/reader/build-days.ts'
import { readRecordLine } from '../../protocol/read-record.ts'
import { fakeImageEditor } from '../fakes.ts'
import { manualClock } from '../manual-clock.ts'
import { runTracker } from '../support/genuine-history.ts'
import { objectsBelow } from '../support/tracker-home.ts'

const root = await mkdtemp(join(tmpdir(), 'opened-'))
after(() => rm(root, { recursive: true, force: true }))
const never = new AbortController().signal
let homes = 0

/** A tracker with two days at its destination, and something of the second in each place on the way there. */
async function recorded() {
  const home = join(root, `home ${++homes}`)
  mkdirSync(home)
  const delivered = join(home, 'delivered')
  await prepareFolder(delivered)
  const clock = manualClock('2026-11-22T20:00:00Z')
  const run = await runTracker({ home, delivered, device: 'device-1', clock, holdSeconds: 60 })
  run.journal.append({ kind: 'agent.started', version: '1', previous_end: null })
  await run.take('first day')
  await run.work(3)
  await clock.pass(14 * 3_600_000)
  await run.take('second day')
  await run.work(2)
  await run.take('deleted')
  await run.screenshots.remove(run.screenshots.list.value[0]?.object ?? '', 'chromium')
  await run.work(2)
  await run.deliver()
  await run.take('waiting')
  await run.work(2)
  await run.take('held')
  run.journal.append({ kind: 'resumed', by: 'not sealed yet' })
  const { places, journal } = run
  const objects = localObjects({ places, device: 'device-1', roots: () => [delivered], journal })
  const days = createOpenedDays({
    objects,
    opener: () => openWithOwnIdentity(places),
    image: fakeImageEditor,
    breathe: async () => undefined,
  })
  const open = async (wanted: WantedDays, mayGoOn = () => undefined, signal = never) => {
    const news: OpenedNews[] = []
    await days.open(wanted, each => news.push(each), mayGoOn, signal)
    return {
      news,
      opened: news.flatMap(each => (each.type === 'opened-day' ? [each.day] : [])),
      pictures: news.flatMap(each => (each.type === 'opened-pictures' ? each.pictures : [])),
    }
  }
  return {
    run,
    clock,
    objects,
    places,
    delivered,
    days,
    open,
    [Symbol.asyncDispose]: () => run[Symbol.asyncDispose](),
  }
}

const second = { date: '2026-11-23', span: 'day' } as const

test('a day is what was delivered, what waits, what is held and what is not sealed yet', async () => {
  await using world = await recorded()
  const { pictures, opened, news } = await world.open(second)
  assert.deepEqual(
    pictures.map(({ state }) => state),
    ['delivered', 'deleted', 'delivered', 'delivered'],
  )
  assert.deepEqual(
    opened.map(({ date }) => date),
    ['2026-11-23'],
  )
  const last = news.findLast(each => each.type === 'opening')
  assert.ok(last?.type === 'opening' && last.done === last.total && last.unopened === 0)
  const shown = pictures.filter(({ state }) => state === 'delivered')
  for (const { object = '' } of shown) assert.ok((await world.days.picture(object, 'small')).bytes.length > 0)
  const [, , , held] = pictures
  // It moves on while the day is open.
  await world.clock.pass(120_000)
  await world.run.deliver()
  await world.days.picture(held?.object ?? '', 'large')
})

test('a picture of another day, and one that was never named, are not to be had', async () => {
  await using world = await recorded()
  const { pictures: first } = await world.open({ date: '2026-11-22', span: 'day' })
  assert.equal(first.length, 1)
  await world.open(second)
  for (const object of [first[0]?.object ?? '', 'device-1/2026-11-23/../../identity.txt', 'x'])
    await assert.rejects(world.days.picture(object, 'small'), { code: 'OPENED_GONE' })
})

test('the days of a week are those that a reader of everything gets', async () => {
  await using world = await recorded()
  await world.clock.pass(120_000)
  await world.run.sealing.sealAll()
  await world.run.deliver()
  const { lines } = await openWithOwnIdentity(world.places)
  const builder = createDayBuilder()
  for (const date of await world.objects.dates())
    for (const { kind, sealed } of await world.objects.of(date)) {
      const bytes = kind === 'records' ? await sealed() : undefined
      for (const line of bytes ? await lines(bytes) : []) {
        const record = readRecordLine(line)?.record
        if (record) builder.note(record)
      }
    }
  const { opened } = await world.open({ date: '2026-11-25', span: 'week' })
  const all = builder.days(() => 'delivered').filter(({ date }) => date >= '2026-11-23')
  assert.deepEqual(
    opened.map(({ date, totals, spans }) => ({ date, totals, spans })),
    all.map(({ date, totals, spans }) => ({ date, totals, spans })),
  )
})

test('a damaged object is counted and hides nothing else; nothing that can be opened is a code', async () => {
  await using world = await recorded()
  const objects = [...(await objectsBelow(world.delivered)).keys()].filter(path => path.includes('.records.'))
  await appendFile(objects.at(-1) ?? '', 'x')
  const { news, opened } = await world.open(second)
  const last = news.findLast(each => each.type === 'opening')
  assert.equal(last?.type === 'opening' && last.unopened, 1)
  assert.equal(opened.length, 1)
  for (const path of objects.slice(0, -1)) await appendFile(path, 'x')
  for (const path of (await objectsBelow(world.places.outbox)).keys()) await rm(path)
  await assert.rejects(world.open(second), { code: 'OPEN_FAILED' })
})

test('without the identity on this computer it is a code; back again, it works', async () => {
  await using world = await recorded()
  await rename(world.places.identity, `${world.places.identity}.away`)
  await assert.rejects(world.open(second), { code: 'IDENTITY_MISSING' })
  await rename(`${world.places.identity}.away`, world.places.identity)
  assert.equal((await world.open(second)).opened.length, 1)
})

test('it ends when it is called off, when another is asked for, and when it may be shown no more', async () => {
  await using world = await recorded()
  await assert.rejects(
    world.open(second, () => undefined, AbortSignal.abort()),
    { name: 'AbortError' },
  )
  const lock = () => {
    throw new Error('locked')
  }
  await assert.rejects(world.open(second, lock), /locked/)
  const outcomes = await Promise.allSettled([world.open(second), world.open(second)])
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'fulfilled'],
  )
})
