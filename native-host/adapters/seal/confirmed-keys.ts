import { createHash } from 'node:crypto'
import { lstatSync } from 'node:fs'
import { dirname } from 'node:path'
import * as v from 'valibot'
import { assertAppError } from '../../../protocol/assert-app-error.ts'
import type { AppError } from '../../../protocol/errors.ts'
import { confirmedKeysSchema } from '../../../protocol/records.ts'
import { type ConfirmedKeys, type KeySet, lastConfirmed, succeed } from '../../config/key-set.ts'
import { readOwnFile } from '../../platform/files/own-files.ts'
import type { Places } from '../../platform/files/places.ts'
import { namesWithin } from '../../platform/files/read-within.ts'
import { makeFolder, writeDurably } from '../../platform/files/write-durably.ts'
import { readDevicePublicKey } from './device-key.ts'
import { hasRecipientForm, ownRecipients, readRecipients } from './keys.ts'

/**
 * No key changes silently (docs/decisions/0030): the confirmed set is kept in its own file and in the database, and the
 * key files are compared with it. Each set names its predecessors, which tells an older file from one that the command
 * line wrote while no tracker ran.
 */
export type Found = KeySet & {
  /** Why there are no recipients, or none of the identities on this computer. */
  problem: AppError | undefined
}

/** What the key files say. One that cannot be used counts as gone. */
export async function findKeys(places: Places): Promise<Found> {
  const device = (await readDevicePublicKey(places)) ?? null
  const [identities, unopened] = await orProblem(ownRecipients(places))
  const [recipients, unsealed] = await orProblem(readRecipients(places))
  return { recipients, identities, device, problem: unsealed ?? unopened }
}

/** Nothing, and why, where the file cannot be used. */
async function orProblem(reading: Promise<readonly string[]>): Promise<[readonly string[], AppError?]> {
  try {
    return [await reading]
  } catch (error) {
    assertAppError(error)
    return [[], error]
  }
}

/** What is confirmed can be sealed for; a file that says otherwise is damaged. */
const usableSchema = v.pipe(
  confirmedKeysSchema,
  v.check(({ recipients }) => recipients.length > 0 && recipients.every(hasRecipientForm)),
)

/** undefined when none was ever confirmed, or the file is damaged. @throws AppError PLACE_NOT_SAFE | FILE_UNREADABLE */
export function readConfirmed({ confirmedKeys }: Pick<Places, 'confirmedKeys'>): ConfirmedKeys | undefined {
  const bytes = readOwnFile(confirmedKeys, 'open to read')
  if (bytes === undefined) return undefined
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), usableSchema), bytes.toString('utf8'))
  return parsed.success ? parsed.output : undefined
}

/** @throws AppError DISK_FULL | STORE_NOT_WRITABLE */
export async function keepConfirmed(
  places: Pick<Places, 'confirmedKeys'>,
  confirmed: ConfirmedKeys,
): Promise<void> {
  const { recipients, identities, device, revision, before } = confirmed
  const known = readConfirmed(places)
  if (known && fingerprintOf(known) === fingerprintOf(confirmed)) return
  makeFolder(dirname(places.confirmedKeys))
  const text = JSON.stringify({ revision, recipients, identities, device, before }, undefined, 2)
  await writeDurably(places.confirmedKeys, new TextEncoder().encode(`${text}\n`))
}

/** What comes after `last` when a person confirms `keys`. */
export function succeedConfirmed(last: ConfirmedKeys | undefined, keys: KeySet): ConfirmedKeys {
  return succeed(last, keys, fingerprintOf)
}

/** Of what the file says and what the database knows. */
export function lastConfirmedOf(
  file: ConfirmedKeys | undefined,
  known: ConfirmedKeys | undefined,
): ConfirmedKeys | undefined {
  return lastConfirmed(file, known, fingerprintOf)
}

/** By which a person says that they have seen what is found; it is another one when anything of it has changed since. */
export function codeOfFound(confirmed: KeySet | undefined, found: KeySet): string {
  const known = confirmed && [confirmed.recipients, confirmed.identities, confirmed.device]
  return hashOf([known ?? null, found.recipients, found.identities, found.device])
    .slice(0, 8)
    .toUpperCase()
}

function fingerprintOf({ revision, recipients, identities, device, before }: ConfirmedKeys): string {
  return hashOf([revision, recipients, identities, device, before.at(-1) ?? null]).slice(0, 32)
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}

/**
 * Whether a tracker has been at work here, as far as files tell when the database is gone: it made the token before
 * anyone could speak to it, and left objects.
 */
export function hasLived(places: Places): boolean {
  return (
    !!lstatSync(places.token, { throwIfNoEntry: false })?.isFile() ||
    [places.outbox, places.held, places.quarantine, places.delivered].some(holdsObjects)
  )
}

function holdsObjects(folder: string): boolean {
  try {
    for (const name of namesWithin(folder)) if (!name.startsWith('.')) return true
  } catch {
    // Not there yet.
  }
  return false
}

/** Other as soon as one of the key files is another, or has other modes or another owner; read from the folder alone. */
export function stampOf(places: Places): string {
  return keyFilesOf(places).map(stampOfFile).join()
}

export function keyFilesOf({ recipients, identity, deviceKey, confirmedKeys }: Places): string[] {
  return [recipients, identity, deviceKey, confirmedKeys]
}

function stampOfFile(path: string): string {
  try {
    const { dev, ino, size, mode, uid, mtimeNs, ctimeNs } = lstatSync(path, { bigint: true })
    return [dev, ino, size, mode, uid, mtimeNs, ctimeNs].join(' ')
  } catch {
    return 'gone'
  }
}
