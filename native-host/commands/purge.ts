import { formatBytes } from '../../protocol/byte-size.ts'
import { AppError } from '../../protocol/errors.ts'
import type { SecretName } from '../config/stored-secrets.ts'
import { askYes } from './ask-yes.ts'
import type { CommandContext } from './context.ts'
import { text } from './text.ts'

const words = text.purge
const secretNames = Object.keys(words.secrets) as SecretName[]

export type Plan = Awaited<ReturnType<typeof planPurge>>

/** All that lies on this computer, and what does not go with it. */
export async function planPurge({ purge, secrets, openSettings, host }: CommandContext) {
  const { ours, others, undelivered, delivered } = await purge.find()
  const inKeychain: SecretName[] = []
  let answers = true
  for (const name of secretNames) {
    try {
      if ((await secrets.keychain.read(name)) !== undefined) inKeychain.push(name)
    } catch {
      // One that is locked keeps what it has; where there is none, nothing can be in it.
      answers = false
      break
    }
  }
  const { current } = await openSettings()
  const { bucket_name: bucket, prefix, folder } = current.value
  const elsewhere = [
    ...(bucket === '' ? [] : [words.bucket(bucket, prefix)]),
    ...(folder === '' ? [] : [words.folder(folder)]),
    ...(answers ? [] : [words.keychainSilent]),
    words.extension,
  ]
  return { ours, others, undelivered, delivered, inKeychain, elsewhere, written: await host.installed() }
}

export function describePlan(plan: Plan): string[] {
  const { ours, written, inKeychain, elsewhere, others, undelivered, delivered } = plan
  return [
    words.willBeDeleted,
    ...ours.map(({ path, bytes, files }) => `  ${words.sized(path, formatBytes(bytes), files)}`),
    ...written.filter(isElsewhere(ours)).map(path => `  ${path}`),
    ...inKeychain.map(name => `  ${words.inKeychain(words.secrets[name])}`),
    ...(delivered > 0 ? [`  ${words.uploaded(delivered)}`] : []),
    ...(undelivered > 0 ? [`  ${words.undelivered(undelivered)}`] : []),
    words.keepIdentity,
    '',
    words.staysHere,
    ...elsewhere.map(what => `  ${what}`),
    ...others.map(name => `  ${words.notOurs(name)}`),
  ]
}

/** @throws AppError USAGE where there is no terminal to ask in | UNDELIVERED */
export async function confirmPurge(
  plan: Plan,
  { yes, undelivered }: { yes?: true; undelivered?: true },
  { terminal }: CommandContext,
): Promise<boolean> {
  refuseUndelivered(plan.undelivered, undelivered)
  if (yes) return true
  terminal.err(describePlan(plan))
  if (!terminal.interactive) throw new AppError('USAGE', { detail: words.cannotAsk })
  return await askYes(terminal, words.question)
}

export function refuseUndelivered(count: number, confirmed: true | undefined): void {
  if (count > 0 && !confirmed) throw new AppError('UNDELIVERED', { detail: words.refused(count) })
}

/** The tracker has ended. @returns what stays in the folder, and what could not be deleted from the keychain */
export async function purgeAll(plan: Plan, { purge, secrets }: CommandContext): Promise<string[]> {
  const kept: string[] = []
  for (const name of plan.inKeychain)
    await secrets.keychain.forget(name).catch(() => kept.push(words.inKeychain(words.secrets[name])))
  return [...kept, ...(await purge.delete())]
}

/** The launcher lies in the tracker's own folder, and is listed with it. */
function isElsewhere(ours: readonly { path: string }[]) {
  return (path: string) => !ours.some(own => own.path === path)
}
