import { type Command, Option } from 'commander'
import { AppError } from '../../protocol/errors.ts'
import type { Report } from '../../protocol/report.ts'
import { type Grouping, groupings } from '../reader/group-days.ts'
import { type PeriodAsked, parsePeriod } from '../reader/period.ts'
import { type TableName, tableNames, tableOf } from '../reader/report-tables.ts'
import { csvLines, ndjsonLines } from '../reader/table-text.ts'
import type { CommandContext } from './context.ts'
import { describeReport } from './describe-report.ts'
import { wantsJson } from './outcome.ts'
import { readReport } from './read-report.ts'
import { type PictureChoice, pictureChoices, writeReportHtml } from './report-html.ts'
import { addSourceOptions, bucketOptions, collect, type SourceOptions } from './source-options.ts'
import { text } from './text.ts'

const help = text.help.report
const words = text.report

type Options = SourceOptions &
  PeriodAsked & {
    device?: string[]
    groupBy: Grouping
    table: TableName
    format?: Format
    out?: string
    pictures: PictureChoice
    until?: string
    open?: true
    clearCache?: true
  }
type Asked = { by: Grouping; table: TableName; zone: string }

const linesOf = (lines: Iterable<string>) =>
  new TextEncoder().encode([...lines].map(line => `${line}\n`).join(''))

/** How a report is written. Lines are shown; bytes go into a file or a pipe. */
const formats = {
  table: (report, { by, zone }) => describeReport(report, by, zone),
  csv: (report, { by, table }) => linesOf(csvLines(tableOf(report, table, by))),
  ndjson: (report, { by, table }) => linesOf(ndjsonLines(tableOf(report, table, by))),
  json: report => linesOf([JSON.stringify(report, undefined, 2)]),
  parquet: (report, { by, table }, { reading }) => reading.parquet(tableOf(report, table, by)),
} as const satisfies Record<
  string,
  (report: Report, asked: Asked, context: CommandContext) => string[] | Uint8Array | Promise<Uint8Array>
>
type Format = keyof typeof formats | 'html'

export function addReport(program: Command, context: CommandContext): void {
  const command = program
    .command('report')
    .summary(help.summary)
    .description(help.description)
    .argument('[source...]', help.sources)
  addSourceOptions(command)
    .option('--week <week>', help.week)
    .option('--month <month>', help.month)
    .option('--from <date>', help.from)
    .option('--until <date>', help.to)
    .addOption(new Option('--to <date>', help.to).hideHelp())
    .option('--device <device>', help.device, collect)
    .addOption(new Option('--group-by <what>', help.groupBy).choices(groupings).default('day'))
    .addOption(new Option('--format <format>', help.format).choices([...Object.keys(formats), 'html']))
    .addOption(new Option('--table <table>', help.table).choices(tableNames).default('days'))
    .option('--out <file>', help.out)
    .addOption(new Option('--pictures <where>', help.pictures).choices(pictureChoices).default('embed'))
    .option('--open', help.open)
    .option('--clear-cache', help.clearCache)
    .action(async function (this: Command, sources: string[], options: Options) {
      const format = options.format ?? (options.open ? 'html' : wantsJson(this) ? 'json' : 'table')
      if (options.open && format !== 'html') throw new AppError('USAGE', { detail: words.opensPages })
      const out = options.out ?? (options.open ? words.pageName : undefined)
      const to = options.until ?? options.to
      await report(sources, { ...options, format, ...(out && { out }), ...(to && { to }) }, context)
    })
}

async function report(
  given: readonly string[],
  options: Options & { format: Format },
  context: CommandContext,
): Promise<void> {
  const { terminal } = context
  if (options.clearCache) {
    await context.reading.clearCache()
    if (given.length === 0) return terminal.out([words.cleared])
  }
  const { format, out } = options
  if (format === 'parquet' && out === undefined && terminal.overwrites && terminal.interactive)
    throw new AppError('USAGE', { detail: words.needsFile(format) })
  if (format === 'html' && out === undefined) throw new AppError('USAGE', { detail: words.needsFile(format) })
  const period = parsePeriod(options)
  const sources = given.length > 0 ? given : await ownSource(context)
  const made = await readReport(
    sources,
    { identities: options.identity, bucket: bucketOptions(options), period, devices: options.device },
    context,
  )
  if (format === 'html') await savePage(made, sources, options, context)
  else await writeOut(await formats[format](made, askedOf(options, context), context), out, context)
  const found = made.devices.reduce((sum, { findings }) => sum + findings.length, made.findings?.length ?? 0)
  if (found > 0) throw new AppError('RECORDS_NOT_INTACT', { detail: words.findings(found) })
}

function askedOf(options: Options, context: CommandContext): Asked {
  return { by: options.groupBy, table: options.table, zone: context.zone() }
}

async function writeOut(
  written: string[] | Uint8Array,
  out: string | undefined,
  { terminal, writeFile }: CommandContext,
): Promise<void> {
  if (out !== undefined) await writeFile(out, written instanceof Uint8Array ? written : linesOf(written))
  else if (written instanceof Uint8Array) await terminal.write(written)
  else await terminal.out(written)
}

/** A page to open in a browser. What it shows is decrypted, and that is said. */
async function savePage(
  made: Report,
  sources: readonly string[],
  { out = '', pictures, identity, open }: Options,
  context: CommandContext,
): Promise<void> {
  const saved = await writeReportHtml({ report: made, out, pictures, sources, identity }, context)
  context.terminal.err([
    words.page(out, saved.pictures, saved.folder),
    ...(saved.failed > 0 ? [words.picturesFailed(saved.failed)] : []),
  ])
  if (open && !(await context.openPage(out))) context.terminal.err([words.notOpened(out)])
}

/** Where this computer delivers. @throws AppError REPORT_EMPTY where nothing is yet */
async function ownSource({ openSettings, reading, isFolder }: CommandContext): Promise<string[]> {
  const { bucket_name, prefix, folder } = (await openSettings()).current.value
  if (bucket_name !== '') return [`s3://${bucket_name}${prefix === '' ? '' : `/${prefix}`}`]
  const path = folder === '' ? reading.delivered : folder
  if (await isFolder(path)) return [path]
  throw new AppError('REPORT_EMPTY', { detail: path })
}
