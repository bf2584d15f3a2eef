/** The public parts of the keys: the recipients, the identities on this computer, and the device key. */
export type KeySet = {
  recipients: readonly string[]
  /** Recipients of the identities on this computer. */
  identities: readonly string[]
  /** null: none exists yet. */
  device: string | null
}

/** The keys that a person or a first start confirmed, and the fingerprints of all earlier ones, the latest last. */
export type ConfirmedKeys = KeySet & { revision: number; before: readonly string[] }

export function isSameKeys(one: KeySet, other: KeySet): boolean {
  return (
    one.device === other.device &&
    describeKeyChanges(one, other) === undefined &&
    describeKeyChanges(other, one) === undefined
  )
}

/** The differences in `found`, in words for people; undefined without any. A first device key is no change. */
export function describeKeyChanges(confirmed: KeySet, found: KeySet): string | undefined {
  const lost = missingIn(found.recipients, confirmed.recipients)
  const added = missingIn(confirmed.recipients, found.recipients)
  const said = [
    ...(lost.length > 0 ? [`recipients missing: ${lost.map(shorten).join(', ')}`] : []),
    ...(added.length > 0 ? [`recipients added: ${added.map(shorten).join(', ')}`] : []),
    ...describeIdentities(confirmed.identities, found.identities),
    ...describeDevice(confirmed.device, found.device),
  ]
  return said.length > 0 ? said.join('; ') : undefined
}

/** All keys, for a person who has to confirm them where none were confirmed before. */
export function describeKeys({ recipients, identities, device }: KeySet): string {
  const opens = identities.length > 0 ? 'an identity is on this computer' : 'no identity is on this computer'
  const signs = device === null ? 'there is no device key' : `the device key is ${shorten(device)}`
  return `recipients: ${recipients.map(shorten).join(', ')}; ${opens}; ${signs}`
}

function describeDevice(confirmed: string | null, found: string | null): string[] {
  if (confirmed === null || found === confirmed) return []
  return [found === null ? 'the device key is missing' : 'the device key is different']
}

function describeIdentities(confirmed: readonly string[], found: readonly string[]): string[] {
  if (missingIn(confirmed, found).length > 0) return ['the identity on this computer is different']
  return missingIn(found, confirmed).length > 0 ? ['the identity on this computer is missing'] : []
}

function missingIn(list: readonly string[], wanted: readonly string[]): string[] {
  return wanted.filter(key => !list.includes(key))
}

/** Enough to recognise it; `keys show` prints all of it. */
function shorten(recipient: string): string {
  return `${recipient.slice(0, 12)}…${recipient.slice(-4)}`
}

/** Adds a recipient that a person has just entered in a terminal, which confirms it. */
export function withConfirmed(
  confirmed: KeySet,
  added: Partial<Pick<KeySet, 'recipients' | 'identities'>>,
): KeySet {
  const join = (one: readonly string[], other: readonly string[] = []) => [...new Set([...one, ...other])]
  return {
    ...confirmed,
    recipients: join(confirmed.recipients, added.recipients),
    identities: join(confirmed.identities, added.identities),
  }
}

/** @param fingerprintOf of a confirmed set, its revision and the fingerprint before it */
export function succeed(
  last: ConfirmedKeys | undefined,
  { recipients, identities, device }: KeySet,
  fingerprintOf: (confirmed: ConfirmedKeys) => string,
): ConfirmedKeys {
  const set = { recipients: [...recipients], identities: [...identities], device }
  if (!last) return { ...set, revision: 1, before: [] }
  if (isSameKeys(last, set)) return last
  const before = [...last.before, fingerprintOf(last)].slice(-mostBefore)
  return { ...set, revision: last.revision + 1, before }
}

/** A file from a backup may be older than this; then it counts as unknown, which is the safe side. */
const mostBefore = 200

/**
 * Which of two copies was confirmed last. The file counts where it follows from the copy in the database. An older
 * file, or one with another history, was put there without the command line.
 */
export function lastConfirmed(
  file: ConfirmedKeys | undefined,
  known: ConfirmedKeys | undefined,
  fingerprintOf: (confirmed: ConfirmedKeys) => string,
): ConfirmedKeys | undefined {
  if (!file || !known) return file ?? known
  const follows = file.before.includes(fingerprintOf(known))
  return follows || (file.revision === known.revision && isSameKeys(file, known)) ? file : known
}
