import type { Command } from 'commander'
import { assertAppError } from '../../protocol/assert-app-error.ts'
import { AppError } from '../../protocol/errors.ts'
import type { Settings } from '../../protocol/settings.ts'
import { askYes } from './ask-yes.ts'
import type { CommandContext, DeliveredDevice, ExportFolder, SealedFile } from './context.ts'
import { choicesPath, createExportedDays, pictureName, safeName } from './export-objects.ts'
import { type Outcome, reporting } from './outcome.ts'
import { identityOption } from './source-options.ts'
import { type ExportPage, exportPage } from './text/export-page.ts'
import { text } from './text.ts'

const help = text.help.export
const words = text.export

type Options = { to: string; identity: string[]; fromDestination?: true }
type Days = ReturnType<typeof createExportedDays>
type Work = { context: CommandContext; options: Options; folder: ExportFolder; days: Days; files: PageFiles }
type PageFiles = ExportPage['files'][number][]

export function addExport(program: Command, context: CommandContext): void {
  program
    .command('export')
    .summary(help.summary)
    .description(help.description)
    .requiredOption('--to <folder>', help.to)
    .addOption(identityOption())
    .option('--from-destination', help.fromDestination)
    .action(reporting(context.terminal, (options: Options) => exportAll(options, context)))
}

/** Everything about the person. What cannot be opened is named, and the rest is saved all the same. */
async function exportAll(options: Options, context: CommandContext): Promise<Outcome> {
  const { terminal, delivered, openSettings } = context
  // Without an identity there is nothing to begin with.
  await delivered.opener(options.identity)
  const settings = (await openSettings()).current.value
  const sources = await sourcesOf(settings, options, context)
  await using folder = await context.export.begin(options.to)
  const days = createExportedDays(folder)
  const work: Work = { context, options, folder, days, files: [] }
  await saveObjects(work, sources.read)
  await saveOthers(work, settings)
  const setAside = (await context.export.sealed('quarantine')).map(({ name }) => name)
  const { opened, failed, deleted } = days.tally
  if (failed > 0) {
    await folder.write('not-opened.txt', days.failures.map(line => `${line}\n`).join(''))
    work.files.push({ path: 'not-opened.txt', about: 'notOpened', count: failed })
  }
  const missing = { bucket: sources.bucketLeftOut, away: sources.away, failed, deleted, setAside }
  await folder.write('index.html', exportPage(await pageOf(work, missing)))
  await folder.finish()
  terminal.show('')
  if (failed > 0) {
    terminal.err([words.done(options.to)])
    throw new AppError('OPEN_FAILED', { detail: words.failed(failed, opened + failed) })
  }
  const json = {
    folder: options.to,
    opened,
    bucket_left_out: sources.bucketLeftOut ?? null,
    not_there: sources.away,
  }
  return { json, lines: [words.done(options.to), words.decrypted] }
}

type Sources = { read: string[]; bucketLeftOut: string | undefined; away: string[] }

/** The folders and, if the person wants it, the bucket. */
async function sourcesOf(
  { folder, bucket_name, prefix }: Settings,
  { fromDestination }: Options,
  { export: access, isFolder, terminal }: CommandContext,
): Promise<Sources> {
  const read = (await isFolder(access.delivered)) ? [access.delivered] : []
  const away: string[] = []
  if (folder !== '' && (await isFolder(folder))) read.push(folder)
  else if (folder !== '') away.push(folder)
  const bucket = bucket_name === '' ? undefined : `s3://${bucket_name}${prefix === '' ? '' : `/${prefix}`}`
  const wanted =
    bucket !== undefined &&
    (fromDestination || (terminal.interactive && (await askYes(terminal, words.askBucket(bucket)))))
  if (bucket !== undefined && wanted) read.push(bucket)
  const bucketLeftOut = wanted ? undefined : bucket
  terminal.err([
    ...away.map(words.folderAway),
    ...(bucketLeftOut === undefined ? [] : [words.bucketLeftOut(bucketLeftOut)]),
  ])
  return { read, bucketLeftOut, away }
}

/**
 * What lies early on the way is listed first and read last, where that can be: what moves on meanwhile is then found where
 * it has arrived, and nothing falls between.
 */
async function saveObjects(work: Work, sources: readonly string[]): Promise<void> {
  const { context, days } = work
  const own = (await context.export.device()) ?? 'device'
  await saveHeld(work)
  const unsealed = await context.export.unsealed()
  const waiting = await context.export.sealed('outbox')
  const seen = new Set<string>()
  for (const source of sources)
    for (const device of await devicesIn(source, context)) await saveDelivered(work, device, seen)
  for (const file of waiting) {
    if (seen.has(file.key)) continue
    if ((await saveFile(work, own, file)) === 'moved') await saveMoved(work, own, file, sources)
  }
  await days.takeLines(own, unsealed, 'new')
  for (const file of await context.export.sealed('quarantine')) await saveFile(work, own, file)
}

/** None where nothing was delivered yet. */
async function devicesIn(source: string, { delivered }: CommandContext): Promise<DeliveredDevice[]> {
  try {
    return (await delivered.find([source])).devices
  } catch (error) {
    assertAppError(error)
    if (error.code !== 'FILE_UNREADABLE' || error.cause !== undefined) throw error
    return []
  }
}

async function saveDelivered(
  { context, options, days }: Work,
  { device, objects }: DeliveredDevice,
  seen: Set<string>,
): Promise<void> {
  for await (const { path, name, date } of objects()) {
    context.signal.throwIfAborted()
    // The same object in another folder: a destination that was changed and put back.
    if (seen.has(name)) continue
    seen.add(name)
    try {
      const opened = await context.openObject(await context.delivered.readFile(path), options.identity)
      await days.take(device, opened, { key: name, date: date ?? 'undated' })
    } catch (error) {
      failOrEnd(days, path, error)
    }
    showProgress(context, days)
  }
}

async function saveFile(
  { context, options, days }: Work,
  device: string,
  file: SealedFile,
): Promise<'saved' | 'moved'> {
  context.signal.throwIfAborted()
  try {
    const sealed = file.sealed()
    if (!sealed) return 'moved'
    const opened = await context.openObject(sealed, options.identity)
    await days.take(device, opened, { key: file.key, date: file.date })
  } catch (error) {
    failOrEnd(days, file.name, error)
  }
  showProgress(context, days)
  return 'saved'
}

/** It was delivered while this went on. */
async function saveMoved(
  work: Work,
  device: string,
  file: SealedFile,
  sources: readonly string[],
): Promise<void> {
  const { context, days } = work
  for (const source of sources) {
    const sealed = await context.delivered
      .readFile(`${source.replace(/\/$/, '')}/${device}/${file.date}/${file.key}`)
      .catch(() => undefined)
    if (!sealed) continue
    await saveFile(work, device, { ...file, sealed: () => sealed })
    return
  }
  if (sources.length > 0) days.fail(file.name, new AppError('FILE_UNREADABLE', { detail: file.key }))
}

async function saveHeld({ context, options, folder, days, files }: Work): Promise<void> {
  let count = 0
  for (const file of await context.export.sealed('held')) {
    context.signal.throwIfAborted()
    try {
      const sealed = file.sealed()
      if (!sealed) continue
      const { bytes } = await context.openObject(sealed, options.identity)
      await folder.write(`held/${pictureName(file.key)}`, bytes)
      count += 1
      days.tally.opened += 1
    } catch (error) {
      failOrEnd(days, file.name, error)
    }
  }
  if (count > 0) files.push({ path: 'held', about: 'held', count })
}

/** Where nothing can be written or opened at all, every other one says the same. */
function failOrEnd(days: Days, name: string, error: unknown): void {
  assertAppError(error)
  if (endsAll.has(error.code)) throw error
  days.fail(name, error)
}

const endsAll: ReadonlySet<AppError['code']> = new Set([
  'FILE_NOT_WRITABLE',
  'FILE_EXISTS',
  'IDENTITY_MISSING',
  'IDENTITY_LOCKED',
  'PASSPHRASE_WRONG',
])

function showProgress({ terminal }: CommandContext, { tally }: Days): void {
  if (tally.opened % 20 === 0) terminal.show(words.reading(tally.opened))
}

/** What is kept beside records and screenshots. */
async function saveOthers({ context, folder, days, files }: Work, settings: Settings): Promise<void> {
  const { export: access, readText } = context
  const saveJson = async (path: string, about: PageFiles[number]['about'], value: unknown) => {
    await folder.write(path, `${JSON.stringify(value, undefined, 2)}\n`)
    files.push({ path, about })
  }
  if (days.tally.choices > 0) files.push({ path: choicesPath, about: 'choices', count: days.tally.choices })
  await saveJson('settings.json', 'settings', settings)
  await saveJson('public-keys.json', 'keys', await access.keys())
  const unstored = await access.unstored()
  if (unstored.length > 0) await saveJson('not-stored-yet.json', 'notStored', unstored)
  let tables = 0
  await access.withTables(async found => {
    for (const { name, rows } of found) {
      const path = `database/${safeName(name)}.ndjson`
      await folder.append(path, '')
      for (const lines of inPortions(rows)) await folder.append(path, lines)
      tables += 1
    }
  })
  if (tables > 0) files.push({ path: 'database', about: 'database', count: tables })
  const logs = await access.logs()
  for (const { name, path } of logs)
    for await (const piece of readText(path)) await folder.append(`log/${safeName(name)}`, piece)
  if (logs.length > 0) files.push({ path: 'log', about: 'log', count: logs.length })
}

const rowsAtOnce = 500

/** Text that holds JSON is shown as what it holds. */
function* inPortions(rows: Iterable<Record<string, unknown>>): Generator<string> {
  let lines: string[] = []
  for (const row of rows) {
    lines.push(`${JSON.stringify(row, (_, value) => unpack(value))}\n`)
    if (lines.length < rowsAtOnce) continue
    yield lines.join('')
    lines = []
  }
  if (lines.length > 0) yield lines.join('')
}

function unpack(value: unknown): unknown {
  if (typeof value !== 'string' || !/^[{["]/.test(value)) return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

async function pageOf({ context, days, files }: Work, missing: ExportPage['missing']): Promise<ExportPage> {
  return {
    madeAt: context
      .now()
      .toZonedDateTimeISO(context.zone())
      .toString({ smallestUnit: 'minute', timeZoneName: 'never', offset: 'never' })
      .replace('T', ' '),
    device: (await context.export.device()) ?? '',
    home: context.home,
    days: days.days(),
    files,
    missing,
  }
}
