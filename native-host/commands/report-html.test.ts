import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Report, ReportScreenshot } from '../../protocol/report.ts'
import { manualClock } from '../../test/manual-clock.ts'
import { exportContext } from '../../test/support/export-context.ts'
import { runTracker } from '../../test/support/genuine-history.ts'
import { reportMonth } from '../../test/support/report-month.ts'
import { prepareFolder } from '../adapters/destination/folder/destination.ts'
import { fillPage } from '../adapters/reading/html-page.ts'
import { createUserFile, makeUserFolder, writeUserFile } from '../adapters/system/user-files.ts'
import { placesOf } from '../platform/files/places.ts'
import type { CommandContext } from './context.ts'
import { writeReportHtml } from './report-html.ts'

const root = mkdtempSync(join(tmpdir(), 'report-html-'))
after(() => rm(root, { recursive: true, force: true }))

/** Two pictures of a real tracker in a folder, and a report that names them and one that is not there. */
const recorded = (async () => {
  const home = join(root, 'home')
  const places = placesOf({ ACTIVITY_TRACKER_HOME: home })
  mkdirSync(home, { mode: 0o700 })
  await prepareFolder(places.delivered)
  const clock = manualClock('2026-11-22T10:58:00Z')
  const objects: string[] = []
  await using run = await runTracker({ home, delivered: places.delivered, device: 'device-1', clock })
  run.journal.append({ kind: 'agent.started', version: '1', previous_end: null })
  await run.take('first')
  await run.take('second')
  await run.work(2)
  await run.deliver()
  for (const name of await readdir(places.delivered, { recursive: true }))
    if (name.endsWith('.webp.age') || name.endsWith('.jpg.age')) objects.push(name)
  return { places, objects, report: reportOf([...objects, 'device-1/2026-11-22/gone.webp.age']) }
})()

function reportOf(objects: readonly string[]): Report {
  const month = reportMonth()
  const [device] = month.devices
  const [day] = device?.days ?? []
  assert.ok(device && day)
  const screenshots = objects.map((object): ReportScreenshot => {
    return { at: '2026-11-22T11:00:00Z', zone: 'UTC', state: 'delivered', object }
  })
  return { ...month, devices: [{ ...device, days: [{ ...day, screenshots }] }] }
}

const template =
  '<meta content="img-src blob:;"><script type="application/json" id="data">null</script>\n<!-- pictures -->'

async function world(): Promise<CommandContext> {
  const { places } = await recorded
  return {
    ...exportContext(places).context,
    createFile: createUserFile,
    makeFolder: makeUserFolder,
    writeFile: writeUserFile,
    pages: { fill: (_, data, pictures) => fillPage(template, data, pictures) },
  }
}

test('pictures are in the page, opened, and only its owner can read it', async () => {
  const { places, report, objects } = await recorded
  assert.equal(objects.length, 2)
  const out = join(root, 'embedded.html')
  const done = await writeReportHtml(
    { report, out, pictures: 'embed', sources: [places.delivered], identity: [] },
    await world(),
  )
  assert.deepEqual(done, { pictures: 2, failed: 0, folder: undefined })
  const page = await readFile(out, 'utf8')
  const bytes = [...page.matchAll(/data-object="[^"]+">([^<]+)</g)].map(([, base64 = '']) =>
    Buffer.from(base64, 'base64').subarray(0, 4).toString('latin1'),
  )
  assert.equal(bytes.length, 2)
  assert.match(page, /img-src blob:;/)
  assert.equal((await stat(out)).mode & 0o777, 0o600)
})

test('or in a folder beside it, which its policy then allows', async () => {
  const { places, report, objects } = await recorded
  const out = join(root, 'linked.html')
  const done = await writeReportHtml(
    { report, out, pictures: 'link', sources: [places.delivered], identity: [] },
    await world(),
  )
  assert.equal(done.folder, join(root, 'linked-pictures'))
  assert.deepEqual(
    (await readdir(join(root, 'linked-pictures'))).sort(),
    objects.map(object => object.slice(object.lastIndexOf('/') + 1).replace('.age', '')).sort(),
  )
  const page = await readFile(out, 'utf8')
  assert.match(page, /"pictures":"linked","folder":"linked-pictures"/)
  assert.match(page, /img-src blob: 'self' file:;/)
})

test('or nowhere, and no file is written over another', async () => {
  const { places, report } = await recorded
  const out = join(root, 'none.html')
  const wish = { report, out, pictures: 'none', sources: [places.delivered], identity: [] } as const
  assert.deepEqual(await writeReportHtml(wish, await world()), { pictures: 0, failed: 0, folder: undefined })
  await assert.rejects(writeReportHtml(wish, { ...(await world()) }), { code: 'FILE_EXISTS' })
})

test('a picture that cannot be opened is left out and counted', async () => {
  const { places, report } = await recorded
  const { AppError } = await import('../../protocol/errors.ts')
  const done = await writeReportHtml(
    { report, out: join(root, 'sealed.html'), pictures: 'embed', sources: [places.delivered], identity: [] },
    { ...(await world()), openObject: () => Promise.reject(new AppError('OPEN_FAILED')) },
  )
  assert.deepEqual(done, { pictures: 0, failed: 2, folder: undefined })
})

test('without a page of the build no file is begun', async () => {
  const { places, report } = await recorded
  const out = join(root, 'not-built.html')
  const { pageAccess } = await import('../programs/cli-pages.ts')
  await assert.rejects(
    writeReportHtml(
      { report, out, pictures: 'none', sources: [places.delivered], identity: [] },
      { ...(await world()), pages: pageAccess(root) },
    ),
    { code: 'NOT_BUILT' },
  )
  await assert.rejects(stat(out), { code: 'ENOENT' })
})
