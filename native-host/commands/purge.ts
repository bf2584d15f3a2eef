import { AppError } from '../../protocol/errors.ts'
import type { SecretName } from '../config/stored-secrets.ts'
import type { CommandContext } from './context.ts'
import { formatBytes } from './format.ts'

const secretLabels: Record<SecretName, string> = {
  s3: 'the credentials of the bucket',
  proxy: 'the login of the proxy',
}
const secretNames = Object.keys(secretLabels) as SecretName[]

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
    ...(bucket === ''
      ? []
      : [`what was uploaded to the bucket ${bucket}${prefix === '' ? '' : `/${prefix}`}`]),
    ...(folder === '' ? [] : [`what was delivered to the folder ${folder}`]),
    ...(answers ? [] : ['what you put into the keychain, if you did: it does not answer now']),
    'what each browser keeps of the extension: remove the extension there',
  ]
  return { ours, others, undelivered, delivered, inKeychain, elsewhere, written: await host.installed() }
}

export function describePlan(plan: Plan): string[] {
  const { ours, written, inKeychain, elsewhere, others, undelivered, delivered } = plan
  return [
    'This is deleted, for good:',
    ...ours.map(
      ({ path, bytes, files }) => `  ${path}  ${formatBytes(bytes)}${files > 1 ? `, ${files} files` : ''}`,
    ),
    ...written.filter(isElsewhere(ours)).map(path => `  ${path}`),
    ...inKeychain.map(name => `  in the keychain: ${secretLabels[name]}`),
    ...(delivered > 0
      ? [`  with it ${delivered} objects that were delivered to the tracker’s own folder`]
      : []),
    ...(undelivered > 0 ? [`  with it ${undelivered} objects that were NEVER DELIVERED`] : []),
    'Keep a copy of the identity (activity-tracker keys export) if anything sealed for it is to be opened again.',
    '',
    'This stays:',
    ...elsewhere.map(what => `  ${what}`),
    ...others.map(name => `  ${name}, which the tracker did not put into its folder`),
  ]
}

/** @throws AppError USAGE when nobody could be asked | UNDELIVERED */
export async function confirmPurge(
  plan: Plan,
  { yes, undelivered }: { yes?: true; undelivered?: true },
  { terminal }: CommandContext,
): Promise<boolean> {
  refuseUndelivered(plan.undelivered, undelivered)
  if (yes) return true
  terminal.err(describePlan(plan))
  if (!terminal.interactive) throw new AppError('USAGE', { detail: 'nobody could be asked; add --yes' })
  return /^y(es)?$/i.test((await terminal.ask('Delete all of this? [y/N] ')).trim())
}

export function refuseUndelivered(count: number, confirmed: true | undefined): void {
  if (count > 0 && !confirmed) throw new AppError('UNDELIVERED', { detail: `${count} objects` })
}

/** The tracker has ended. @returns what stays in the folder, and what could not be deleted from the keychain */
export async function purgeAll(plan: Plan, { purge, secrets }: CommandContext): Promise<string[]> {
  const kept: string[] = []
  for (const name of plan.inKeychain)
    await secrets.keychain.forget(name).catch(() => kept.push(`in the keychain: ${secretLabels[name]}`))
  return [...kept, ...(await purge.delete())]
}

/** The launcher lies in the tracker's own folder, and is listed with it. */
function isElsewhere(ours: readonly { path: string }[]) {
  return (path: string) => !ours.some(own => own.path === path)
}
