import { lstat, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { AppError } from '../../../protocol/errors.ts'
import { decodeText } from '../../config/decode-text.ts'
import { describeOthers, isEncrypted, sortIdentityLines } from '../../config/identity-lines.ts'
import { identityFile, readKeyLines, withRecipient } from '../../config/key-files.ts'
import { budgets } from '../../kernel/budgets.ts'
import { Secret } from '../../kernel/secret.ts'
import { type OwnFile, readOwnFile } from '../../platform/files/own-files.ts'
import type { Places } from '../../platform/files/places.ts'
import { readNamedWithin } from '../../platform/files/read-within.ts'
import { inStoreLater, isFileError } from '../../platform/files/store-error.ts'
import {
  makeFolder,
  removeBestEffort,
  setAside,
  syncFolder,
  writeDurably,
} from '../../platform/files/write-durably.ts'

/**
 * Who can open what is sealed: recipients.txt lists the public keys, identity.txt is the secret key of this
 * person as long as they keep it here. No function ever removes a recipient, and an empty list is an error in
 * every place where it is read, so that nothing is ever sealed without a recipient.
 */
type KeyPlaces = Pick<Places, 'home' | 'recipients' | 'identity'>

/**
 * At the first start creates an identity and makes it the recipient. Recipients that the person put here before,
 * such as an organisation its own, are left alone, and no identity is created beside them.
 * @throws AppError DISK_FULL | STORE_NOT_WRITABLE
 */
export async function ensureKeys(places: KeyPlaces, now = Temporal.Now.instant()): Promise<void> {
  makeFolder(places.home)
  if (await exists(places.recipients)) return
  const own = await usableRecipients(places)
  if (own.length > 0) await storeRecipients(places, own)
  else await createIdentity(places, { now })
}

/** @throws AppError NO_RECIPIENT | RECIPIENT_INVALID, which names the line | FILE_UNREADABLE | PLACE_NOT_SAFE */
export async function readRecipients(places: KeyPlaces): Promise<readonly string[]> {
  const recipients = new Set<string>()
  for (const { line, key } of readKeyLines(readOwnText(places.recipients, 'open to read') ?? '')) {
    await checkRecipient(key, `${places.recipients}, line ${line}: `)
    recipients.add(key)
    if (recipients.size > budgets.recipients.most)
      throw new AppError('RECIPIENT_INVALID', {
        detail: `${places.recipients}, line ${line}: more than ${budgets.recipients.most} recipients`,
      })
  }
  if (recipients.size === 0) throw new AppError('NO_RECIPIENT', { detail: places.recipients })
  return [...recipients]
}

/**
 * What the first start does for a list of recipients: it makes an identity, takes the one that is here, or leaves
 * alone what the person put here before.
 */
export async function firstStartMakes(
  places: KeyPlaces,
): Promise<'an identity' | 'the list of recipients' | 'nothing'> {
  if (await exists(places.recipients)) return 'nothing'
  const own = await ownRecipients(places).catch(() => [])
  return own.length > 0 ? 'the list of recipients' : 'an identity'
}

/** Puts the list back as it was; the one that is here is kept aside. @throws AppError DISK_FULL | STORE_NOT_WRITABLE */
export async function restoreRecipients(places: KeyPlaces, recipients: readonly string[]): Promise<void> {
  if (await exists(places.recipients)) setAside(places.recipients)
  const text = recipients.reduce((written, recipient) => withRecipient(written, recipient), '')
  await writeDurably(places.recipients, new TextEncoder().encode(text))
}

/** Returns the recipient. One that is there already is not added again. @throws AppError RECIPIENT_INVALID */
export async function addRecipient(places: KeyPlaces, text: string): Promise<string> {
  const recipient = text.trim()
  await checkRecipient(recipient, '')
  makeFolder(places.home)
  await storeRecipients(places, [recipient])
  return recipient
}

/**
 * Makes a new identity and adds its recipient. With `file` the identity goes there, and only the recipient stays.
 * @throws AppError FILE_EXISTS | DISK_FULL | STORE_NOT_WRITABLE
 */
export async function createIdentity(
  places: KeyPlaces,
  { file = places.identity, now = Temporal.Now.instant() }: { file?: string; now?: Temporal.Instant } = {},
): Promise<{ recipient: string; file: string }> {
  makeFolder(places.home)
  const identity = new Secret(await generateX25519Identity())
  const recipient = await recipientOf(identity)
  // The identity first: what is sealed for a recipient without a stored identity is lost.
  await writeNew(file, identityFile(identity, recipient, now))
  await storeRecipients(places, [recipient])
  return { recipient, file }
}

/**
 * Saves the identity of this computer as a recovery file. With `forgetHere` it is deleted here, but only after the
 * file was read again and found whole; new records can then be sealed here and not opened.
 * @throws AppError IDENTITY_MISSING | FILE_EXISTS | DISK_FULL | STORE_NOT_WRITABLE
 */
export async function exportIdentity(
  places: KeyPlaces,
  file: string,
  { forgetHere = false }: { forgetHere?: boolean } = {},
): Promise<void> {
  if (!(await exists(places.identity))) throw new AppError('IDENTITY_MISSING', { detail: places.identity })
  const here = await readOwnIdentities(places)
  await writeNew(file, readOwnText(places.identity, 'secret') ?? '')
  const there = await readIdentities(file)
  if (here.length !== there.length || here.some((identity, n) => identity.reveal() !== there[n]?.reveal())) {
    throw new AppError('STORE_DAMAGED', { detail: file })
  }
  if (!forgetHere) return
  await inStoreLater(places.identity, async () => {
    await rm(places.identity)
    await syncFolder(dirname(places.identity))
  })
}

/** Of a file that a person names. @throws AppError FILE_UNREADABLE | IDENTITY_MISSING when there is none in it */
export async function readIdentities(file: string): Promise<Secret[]> {
  return (await readIdentityFile(file)).identities
}

/**
 * With what else is in it, in words.
 * @param unlock opens a file that a passphrase protects; undefined where no person can be asked for it
 * @throws as readIdentities, IDENTITY_LOCKED, and what `unlock` throws
 */
export async function readIdentityFile(
  file: string,
  unlock?: (file: string, sealed: Uint8Array) => Promise<Uint8Array>,
): Promise<{ identities: Secret[]; others: string[] }> {
  try {
    const bytes = await readNamedWithin(file, budgets.identityBytes.most)
    if (!unlock || !isEncrypted(decodeText(bytes))) return parseIdentities(file, decodeText(bytes))
    const unlocked = await unlock(file, bytes)
    try {
      return parseIdentities(file, decodeText(unlocked))
    } finally {
      unlocked.fill(0)
    }
  } catch (cause) {
    throw cause instanceof AppError ? cause : new AppError('FILE_UNREADABLE', { detail: file, cause })
  }
}

/** Of the file that the tracker keeps. @throws AppError as readIdentities, PLACE_NOT_SAFE */
export async function readOwnIdentities({ identity: file }: Pick<KeyPlaces, 'identity'>): Promise<Secret[]> {
  const text = readOwnText(file, 'secret')
  if (text === undefined) throw new AppError('FILE_UNREADABLE', { detail: file })
  return parseIdentities(file, text).identities
}

function parseIdentities(file: string, text: string): { identities: Secret[]; others: string[] } {
  if (isEncrypted(text)) throw new AppError('IDENTITY_LOCKED', { detail: file })
  const { keys, others } = sortIdentityLines(text, isIdentity)
  if (keys.length === 0)
    throw new AppError('IDENTITY_MISSING', {
      detail: describeOthers(file, others) || `${file} contains no identity`,
    })
  return { identities: keys.map(key => new Secret(key)), others }
}

function isIdentity(line: string): boolean {
  if (!line.startsWith('AGE-SECRET-KEY-1')) return false
  try {
    new Decrypter().addIdentity(line)
    return true
  } catch {
    // The library's error is not passed on: it may quote the key.
    return false
  }
}

/** Whether what is sealed here can also be opened here. */
export function hasIdentity(places: KeyPlaces): Promise<boolean> {
  return exists(places.identity)
}

/** Of the identities that lie here. @throws AppError as readOwnIdentities */
export async function ownRecipients(places: Pick<KeyPlaces, 'identity'>): Promise<string[]> {
  if (!(await exists(places.identity))) return []
  return Promise.all((await readOwnIdentities(places)).map(recipientOf))
}

async function usableRecipients(places: KeyPlaces): Promise<string[]> {
  try {
    return await ownRecipients(places)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'IDENTITY_MISSING') throw error
    // Such as the empty file that a power cut leaves. It is kept, in case there was more to it.
    setAside(places.identity)
    return []
  }
}

async function storeRecipients(places: KeyPlaces, added: readonly string[]): Promise<void> {
  const stored = readOwnText(places.recipients, 'open to read')
  // Where the list is new, who can open things here must not lose that by the first name on it.
  const recipients = stored === undefined ? [...(await usableRecipients(places)), ...added] : added
  let text = stored ?? ''
  for (const recipient of recipients) {
    if (!readKeyLines(text).some(({ key }) => key === recipient)) text = withRecipient(text, recipient)
  }
  if (text !== stored) await writeDurably(places.recipients, new TextEncoder().encode(text))
}

/** What people take for a recipient, and why it is none. The text itself is never quoted: it may be a secret. */
const notRecipients: [begins: RegExp, why: string][] = [
  [/^AGE-SECRET-KEY-/i, 'this is an identity, which must stay secret; give its recipient instead'],
  [/^age1(pq|tag|tagpq)1/, 'recipients of this kind are not supported; use an X25519 recipient'],
  [/^age1[a-z0-9-]+1/, 'plugin recipients are not supported; use an X25519 recipient'],
  [/^ssh-/, 'SSH keys are not supported; use an X25519 recipient of age'],
  [/^age1/, 'it is damaged or incomplete'],
  [/^/, 'it does not begin with age1'],
]

export function hasRecipientForm(text: string): boolean {
  return /^age1[02-9ac-hj-np-z]{58}$/.test(text)
}

async function checkRecipient(text: string, where: string): Promise<void> {
  try {
    if (!hasRecipientForm(text)) throw new Error('not the form of an X25519 recipient')
    const encrypter = new Encrypter()
    encrypter.addRecipient(text)
    // Only sealing shows that the point is on the curve and not one of the few that cannot be used.
    await encrypter.encrypt('')
  } catch (cause) {
    const why = notRecipients.find(([begins]) => begins.test(text))?.[1]
    throw new AppError('RECIPIENT_INVALID', { detail: `${where}${why}`, cause })
  }
}

function recipientOf(identity: Secret): Promise<string> {
  return identityToRecipient(identity.reveal())
}

/** Durable once it resolves. Never writes over what is there. */
async function writeNew(path: string, text: string): Promise<void> {
  await inStoreLater(path, async () => {
    const file = await open(path, 'wx', 0o600).catch(error => {
      if (isFileError(error, 'EEXIST')) throw new AppError('FILE_EXISTS', { detail: path })
      throw error
    })
    try {
      await file.writeFile(text)
      await file.sync()
    } catch (error) {
      await removeBestEffort(path)
      throw error
    } finally {
      await file.close()
    }
    await syncFolder(dirname(path))
  })
}

/** undefined when there is no such file. @throws AppError FILE_UNREADABLE | PLACE_NOT_SAFE */
function readOwnText(path: string, kind: OwnFile): string | undefined {
  return readOwnFile(path, kind)?.toString('utf8')
}

/** A link that leads nowhere right now exists too: what it leads to may be on a drive that is not plugged in. */
async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (cause) {
    if (isFileError(cause, 'ENOENT')) return false
    throw new AppError('FILE_UNREADABLE', { detail: path, cause })
  }
}
