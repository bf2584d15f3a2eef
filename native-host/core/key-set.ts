/** Whose keys they are, by their public parts: for whom is sealed, what can open here, and what signs. */
export type KeySet = {
  recipients: readonly string[]
  /** Recipients of the identities on this computer. */
  identities: readonly string[]
  /** null: none was made yet. */
  device: string | null
}

export function isSameKeys(one: KeySet, other: KeySet): boolean {
  return describeKeyChanges(one, other) === undefined
}

/** What is other in `found`, in words for people; undefined when nothing is. A first device key is no change. */
export function describeKeyChanges(confirmed: KeySet, found: KeySet): string | undefined {
  const lost = missingIn(found.recipients, confirmed.recipients)
  const added = missingIn(confirmed.recipients, found.recipients)
  const said = [
    ...(lost.length > 0 ? [`recipients that are gone: ${lost.map(shorten).join(', ')}`] : []),
    ...(added.length > 0 ? [`recipients that are new: ${added.map(shorten).join(', ')}`] : []),
    ...describeIdentities(confirmed.identities, found.identities),
    ...(confirmed.device !== null && found.device !== confirmed.device ? ['the device key is another'] : []),
  ]
  return said.length > 0 ? said.join('; ') : undefined
}

function describeIdentities(confirmed: readonly string[], found: readonly string[]): string[] {
  if (missingIn(confirmed, found).length > 0) return ['the identity on this computer is another']
  return missingIn(found, confirmed).length > 0 ? ['the identity on this computer is gone'] : []
}

function missingIn(list: readonly string[], wanted: readonly string[]): string[] {
  return wanted.filter(key => !list.includes(key))
}

/** Enough to know it by; `keys show` prints all of it. */
function shorten(recipient: string): string {
  return `${recipient.slice(0, 12)}…${recipient.slice(-4)}`
}

/** With a recipient that a person has just added in a terminal, which is how it is confirmed. */
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
