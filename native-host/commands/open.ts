import { basename, join } from 'node:path'
import type { Command } from 'commander'
import { AppError } from '../../protocol/errors.ts'
import { isWrong } from '../verify/passed-over.ts'
import { parseBucketAddress } from '../verify/source-address.ts'
import type { CommandContext } from './context.ts'
import { describeSkipped } from './describe-verification.ts'
import { describeError, reporting } from './outcome.ts'
import { addSourceOptions, bucketOptions, type SourceOptions } from './source-options.ts'
import { text } from './text.ts'

const help = text.help.open

type Options = SourceOptions & { out: string }

export function addOpen(program: Command, context: CommandContext): void {
  const command = program
    .command('open')
    .summary(help.summary)
    .description(help.description + text.help.source.bucket)
    .argument('<source...>', help.paths)
  addSourceOptions(command)
    .option('--out <folder>', help.out, '.')
    .action(
      reporting(context.terminal, (paths: string[], options: Options) => openAll(paths, options, context)),
    )
}

type Tally = { tried: number; failed: number }

/** One that cannot be opened does not stop the others. */
async function openAll(paths: string[], options: Options, context: CommandContext): Promise<undefined> {
  const tally: Tally = { tried: 0, failed: 0 }
  for (const path of paths) {
    const isMany = path !== '-' && (parseBucketAddress(path) !== undefined || (await context.isFolder(path)))
    if (isMany) await openSource(path, options, context, tally)
    else await openNext(path, () => context.readFile(path), options, context, tally, paths.length === 1)
  }
  if (tally.failed > 0)
    throw new AppError('OPEN_FAILED', { detail: text.open.failed(tally.failed, tally.tried) })
}

/** A folder or a bucket. */
async function openSource(
  source: string,
  options: Options,
  context: CommandContext,
  tally: Tally,
): Promise<void> {
  const { delivered, signal, terminal } = context
  const { devices, passedOver } = await delivered.find([source], { bucket: bucketOptions(options) })
  for (const { objects } of devices)
    for await (const found of delivered.contents(objects(), signal)) {
      const read = async () => {
        if ('error' in found) throw found.error
        return found.sealed
      }
      await openNext(found.object.path, read, options, context, tally, false)
    }
  for (const what of passedOver()) {
    terminal.err([describeSkipped(what)])
    if (!isWrong(what)) continue
    tally.tried += what.count
    tally.failed += what.count
  }
}

/** @param alone then why it cannot be opened is the whole answer */
async function openNext(
  file: string,
  read: () => Promise<Uint8Array>,
  options: Options,
  context: CommandContext,
  tally: Tally,
  alone: boolean,
): Promise<void> {
  tally.tried++
  try {
    await openOne(file, await read(), options, context)
  } catch (error) {
    // Where nothing can be written or opened at all, every other one says the same.
    if (!(error instanceof AppError) || alone || endsAll.has(error.code)) throw error
    tally.failed++
    context.terminal.err([file, ...describeError(error).lines])
  }
}

const endsAll: ReadonlySet<AppError['code']> = new Set([
  'FILE_NOT_WRITABLE',
  'IDENTITY_MISSING',
  'IDENTITY_LOCKED',
  'PASSPHRASE_WRONG',
])

async function openOne(
  file: string,
  sealed: Uint8Array,
  { identity, out }: Options,
  context: CommandContext,
): Promise<void> {
  const opened = await context.openObject(sealed, identity)
  switch (opened.kind) {
    case 'records':
      return context.terminal.write(opened.bytes)
    case 'screenshot': {
      await context.makeFolder(out)
      const path = join(out, pictureName(file))
      await context.writeFile(path, opened.bytes)
      return context.terminal.err([path])
    }
    default:
      throw opened satisfies never
  }
}

/** The object's own name holds the hash of its bytes, so that two pictures never meet in one file. */
export function pictureName(file: string): string {
  const name = file === '-' ? 'screenshot' : basename(file).replace(/\.age$/, '')
  return /\.(webp|jpg)$/.test(name) ? name : `${name}.webp`
}
