import type { Command } from 'commander'
import { AppError } from '../../protocol/errors.ts'
import type { NamedObject } from '../core/object-order.ts'
import { createVerification, type Verification } from '../core/verify-records.ts'
import type { CommandContext, DeliveredAccess } from './context.ts'
import { describeVerification } from './describe-verification.ts'
import { jsonLines, wantsJson } from './outcome.ts'

type Options = { identity?: string; key?: string[] }

export function addVerify(program: Command, context: CommandContext): void {
  program
    .command('verify')
    .summary('find what was changed in or taken out of what was delivered, and explain its gaps')
    .description(
      'Opens everything that was delivered and follows the chain of records: an edited, missing or moved record, a ' +
        'foreign signature or a missing screenshot is found and named, and every span without records is told with ' +
        'its cause (docs/verify.md says what that proves and what not). Exits with 0 when nothing was found and with 65 ' +
        'otherwise. Nothing is changed or sent anywhere, and no tracker need run.',
    )
    .argument('<path...>', 'folders with delivered objects, or single objects (.age)')
    .option(
      '--identity <file>',
      'a recovery file to open them with; without it, the identity on this computer',
    )
    .option(
      '--key <key>',
      'the public key of the device, as `activity-tracker keys show` says it; can be given more than once. Without it, ' +
        'the first key that signs is trusted',
      (key: string, before: string[] = []) => [...before, key],
    )
    .action(async function (this: Command, paths: string[], options: Options) {
      await verifyAll(paths, options, context, wantsJson(this) ? 'json' : 'text')
    })
}

async function verifyAll(
  paths: string[],
  options: Options,
  context: CommandContext,
  form: 'json' | 'text',
): Promise<void> {
  const delivered = await context.delivered.find(paths)
  const open = await context.delivered.opener(options.identity)
  const progress = createProgress(
    context,
    delivered.reduce((sum, { count }) => sum + count, 0),
  )
  const verifications: ({ device: string } & Verification)[] = []
  for (const { device, objects } of delivered) {
    const verification = createVerification({ ...context.delivered, trusted: options.key ?? [] })
    for await (const object of objects()) {
      context.signal.throwIfAborted()
      await verifyOne(object, open, verification, context.delivered)
      progress.step()
    }
    verifications.push({ device, ...verification.end() })
  }
  progress.end()
  const found = verifications.reduce((sum, { findings }) => sum + findings.length, 0)
  await context.terminal.out(
    form === 'json'
      ? jsonLines({ intact: found === 0, devices: verifications })
      : verifications.flatMap(({ device, ...own }, index) => [
          ...(index === 0 ? [] : ['']),
          ...describeVerification(device, own, context.zone()),
        ]),
  )
  if (found > 0) throw new AppError('RECORDS_NOT_INTACT', { detail: `${found} in all; each is named above` })
}

async function verifyOne(
  { path, name, kind, sha256 }: NamedObject,
  open: (sealed: Uint8Array) => Promise<Uint8Array>,
  verification: ReturnType<typeof createVerification>,
  { readFile, hashOf, readHead }: DeliveredAccess,
): Promise<void> {
  const sealed = await readFile(path)
  if (hashOf(sealed) !== sha256) return verification.bad('object-changed', name)
  // The record of a screenshot holds its hash: there is no need to open it.
  if (kind === 'screenshot') return verification.screenshot(name, readHead(sealed))
  try {
    const lines = new TextDecoder().decode(await open(sealed)).split('\n')
    if (lines.at(-1) === '') lines.pop()
    verification.segment(name, lines, readHead(sealed))
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'OPEN_FAILED')) throw error
    verification.bad('object-unopenable', name)
  }
}

const showEveryMs = 500

/** How many of how many, on a terminal on which it can be overwritten. */
function createProgress({ terminal }: CommandContext, total: number) {
  let done = 0
  let shownAt = performance.now()
  return {
    step(): void {
      done += 1
      if (performance.now() - shownAt < showEveryMs) return
      shownAt = performance.now()
      terminal.show(`verifying … ${done} of ${total}`)
    },
    end: () => terminal.show(''),
  }
}
