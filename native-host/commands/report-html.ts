import { basename, dirname, join } from 'node:path'
import { assertAppError } from '../../protocol/assert-app-error.ts'
import type { Report } from '../../protocol/report.ts'
import type { ReportPage } from '../../protocol/report-page.ts'
import type { CommandContext, PagePicture } from './context.ts'

export const pictureChoices = ['embed', 'link', 'none'] as const
export type PictureChoice = (typeof pictureChoices)[number]

export type HtmlReport = {
  report: Report
  /** A new file. */
  out: string
  pictures: PictureChoice
  /** Where the report was read from, and by which identities its pictures are opened. */
  sources: readonly string[]
  identity: readonly string[]
}

const inPage: Record<PictureChoice, ReportPage['pictures']> = {
  embed: 'embedded',
  link: 'linked',
  none: 'none',
}

type World = Pick<
  CommandContext,
  'signal' | 'pages' | 'delivered' | 'openObject' | 'createFile' | 'makeFolder' | 'writeFile'
>

/**
 * Writes a report as a page, with the pictures that were uploaded in it or in a folder beside it: one of them at a time is
 * in memory. One that cannot be opened is left out and counted; the page says so in its place.
 */
export async function writeReportHtml(
  { report, out, pictures, sources, identity }: HtmlReport,
  world: World,
): Promise<{ pictures: number; failed: number; folder: string | undefined }> {
  const tally = { pictures: 0, failed: 0 }
  const opened = pictures === 'none' ? none() : openPictures(report, { sources, identity }, world, tally)
  const folder = pictures === 'link' ? out.replace(/\.html?$/i, '').concat('-pictures') : undefined
  const page: ReportPage = {
    report,
    pictures: inPage[pictures],
    ...(folder !== undefined && { folder: basename(folder) }),
  }
  const parts = world.pages
    .fill('report', page, folder === undefined ? opened : none())
    [Symbol.asyncIterator]()
  // Where there is no page to fill, no file begins either.
  const first = await parts.next()
  await using file = await world.createFile(out)
  for (let part = first; !part.done; part = await parts.next()) await file.append(part.value)
  if (folder !== undefined) {
    await world.makeFolder(folder)
    for await (const { object, bytes } of opened)
      await world.writeFile(join(dirname(folder), basename(folder), pictureFile(object)), bytes)
  }
  return { ...tally, folder }
}

/** Its name holds the hash of the object, so that two pictures never meet in one file. */
function pictureFile(object: string): string {
  return lastPart(object).replace(/\.age$/, '')
}

async function* openPictures(
  report: Report,
  { sources, identity }: Pick<HtmlReport, 'sources' | 'identity'>,
  { signal, delivered, openObject }: World,
  tally: { pictures: number; failed: number },
): AsyncGenerator<PagePicture> {
  const wanted = new Map(
    report.devices
      .flatMap(({ days }) => days.flatMap(({ screenshots }) => screenshots))
      .flatMap(({ state, object }) =>
        state === 'delivered' && object ? [[lastPart(object), object] as const] : [],
      ),
  )
  for (const { objects } of (await delivered.find(sources)).devices)
    for await (const read of delivered.contents(only(objects(), wanted), signal)) {
      signal.throwIfAborted()
      const object = wanted.get(read.object.name)
      if (object === undefined) continue
      wanted.delete(read.object.name)
      const bytes = 'error' in read ? undefined : await openOne(read.sealed, identity, openObject)
      if (!bytes) {
        tally.failed += 1
        continue
      }
      tally.pictures += 1
      yield { object, type: read.object.name.includes('.jpg') ? 'image/jpeg' : 'image/webp', bytes }
    }
}

async function openOne(
  sealed: Uint8Array,
  identity: readonly string[],
  openObject: World['openObject'],
): Promise<Uint8Array | undefined> {
  try {
    return (await openObject(sealed, identity)).bytes
  } catch (error) {
    assertAppError(error)
    if (error.code !== 'OPEN_FAILED') throw error
    return undefined
  }
}

async function* only<O extends { name: string }>(
  objects: AsyncIterable<O>,
  wanted: ReadonlyMap<string, string>,
): AsyncGenerator<O> {
  for await (const object of objects) if (wanted.has(object.name)) yield object
}

async function* none(): AsyncGenerator<never> {}

function lastPart(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1)
}
