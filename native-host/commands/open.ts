import { basename, join } from 'node:path'
import type { Command } from 'commander'
import { AppError } from '../../protocol/errors.ts'
import type { CommandContext } from './context.ts'
import { describeError, reporting } from './outcome.ts'

type Options = { identity?: string; out: string }

export function addOpen(program: Command, context: CommandContext): void {
  program
    .command('open')
    .summary('open sealed objects')
    .description(
      'Opens objects as they were delivered. Records are printed to the output as NDJSON, one record a line; ' +
        'screenshots are written as WebP files, and it says where. Nothing is sent anywhere, and no tracker need run.',
    )
    .argument('<file...>', 'sealed objects (.age); - reads one from the standard input')
    .option(
      '--identity <file>',
      'a recovery file to open them with; without it, the identity on this computer',
    )
    .option('--out <folder>', 'where screenshots are written to', '.')
    .action(
      reporting(context.terminal, (files: string[], options: Options) => openAll(files, options, context)),
    )
}

/** One that cannot be opened does not keep the others shut. */
async function openAll(files: string[], options: Options, context: CommandContext): Promise<undefined> {
  let failed = 0
  for (const file of files) {
    try {
      await openOne(file, options, context)
    } catch (error) {
      if (!(error instanceof AppError) || files.length === 1) throw error
      failed++
      context.terminal.err([file, ...describeError(error).lines])
    }
  }
  if (failed > 0)
    throw new AppError('OPEN_FAILED', { detail: `${failed} of ${files.length}; each is named above` })
}

async function openOne(file: string, { identity, out }: Options, context: CommandContext): Promise<void> {
  const opened = await context.openObject(await context.readFile(file), identity)
  switch (opened.kind) {
    case 'records':
      return context.terminal.write(opened.bytes)
    case 'screenshot': {
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
