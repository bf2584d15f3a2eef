import { lstatSync, opendirSync } from 'node:fs'
import { dirname } from 'node:path'
import * as v from 'valibot'
import { AppError } from '../../../protocol/errors.ts'
import { keySetSchema } from '../../../protocol/records.ts'
import { isSameKeys, type KeySet } from '../../core/key-set.ts'
import { readOwnFile } from '../base/own-files.ts'
import type { Places } from '../base/places.ts'
import { makeFolder, writeDurably } from '../base/write-durably.ts'
import { readDevicePublicKey } from './device-key.ts'
import { hasRecipientForm, ownRecipients, readRecipients } from './keys.ts'

/**
 * Keys never change in silence (docs/decisions/0030): the set that was last confirmed is kept in a file of its own, and
 * a second time in the database. What is found in the key files is compared with it.
 */
export type Found = KeySet & {
  /** Why there are no recipients. */
  problem: AppError | undefined
}

/** What the key files say. One that cannot be used counts as gone. */
export async function findKeys(places: Places): Promise<Found> {
  const device = (await readDevicePublicKey(places)) ?? null
  const identities = await ownRecipients(places).catch(unlessOurs)
  try {
    const recipients = await readRecipients(places)
    return { recipients, identities: identities ?? [], device, problem: undefined }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { recipients: [], identities: identities ?? [], device, problem: error }
  }
}

function unlessOurs(error: unknown): undefined {
  if (!(error instanceof AppError)) throw error
}

/** What is confirmed can be sealed for; a file that says otherwise is damaged. */
const usableSchema = v.pipe(
  keySetSchema,
  v.check(({ recipients }) => recipients.length > 0 && recipients.every(hasRecipientForm)),
)

/** undefined when none was ever confirmed, or the file is damaged. @throws AppError PLACE_NOT_SAFE | FILE_UNREADABLE */
export function readConfirmed({ confirmedKeys }: Pick<Places, 'confirmedKeys'>): KeySet | undefined {
  const bytes = readOwnFile(confirmedKeys, 'open to read')
  if (bytes === undefined) return undefined
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), usableSchema), bytes.toString('utf8'))
  return parsed.success ? parsed.output : undefined
}

/** @throws AppError DISK_FULL | STORE_NOT_WRITABLE */
export async function keepConfirmed(places: Pick<Places, 'confirmedKeys'>, keys: KeySet): Promise<void> {
  const { recipients, identities, device } = keys
  const known = readConfirmed(places)
  if (known && known.device === device && isSameKeys(known, keys) && isSameKeys(keys, known)) return
  makeFolder(dirname(places.confirmedKeys))
  const text = JSON.stringify({ recipients, identities, device }, undefined, 2)
  await writeDurably(places.confirmedKeys, new TextEncoder().encode(`${text}\n`))
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
    using entries = opendirSync(folder)
    for (let entry = entries.readSync(); entry; entry = entries.readSync())
      if (!entry.name.startsWith('.')) return true
  } catch {
    // Not there yet.
  }
  return false
}
