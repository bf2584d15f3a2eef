/** How far the journal's chain has got: its last record, and the SHA-256 of that record's line in lower-case hex. */
export type ChainHead = { seq: number; hash: string }

/** What the tracker of one device says of its chain. It travels unencrypted and says nothing about the person. */
export type SignedHead = ChainHead & {
  device: string
  /** Ed25519, 32 bytes in base64url. */
  key: string
  /** Of `headStatement`, 64 bytes in base64url. */
  signature: string
}

/** The very text that is signed. The first line keeps a signature from meaning anything else. */
export function headStatement({ device, seq, hash }: Pick<SignedHead, 'device' | 'seq' | 'hash'>): string {
  return `activity-tracker chain head 1\n${device}\n${seq}\n${hash}\n`
}

/**
 * In the header of an age file a head is a stanza of its own, which programs that do not know it pass over
 * (https://c2sp.org/age): `-> activity-tracker/head <device> <seq> <hash> <key>`, and the signature as its body.
 */
export const headStanza = 'activity-tracker/head'

export function headArguments({ device, seq, hash, key }: Omit<SignedHead, 'signature'>): string[] {
  return [headStanza, device, String(seq), hash, key]
}

/** undefined for another stanza, or one that does not have this form to the letter. */
export function parseHeadArguments(args: readonly string[]): Omit<SignedHead, 'signature'> | undefined {
  const [type, device = '', seq = '', hash = '', key = '', ...rest] = args
  const formed =
    type === headStanza &&
    /^[\x21-\x7e]+$/.test(device) &&
    /^[1-9]\d{0,14}$/.test(seq) &&
    /^[0-9a-f]{64}$/.test(hash) &&
    /^[A-Za-z0-9_-]{43}$/.test(key) &&
    rest.length === 0
  return formed ? { device, seq: Number(seq), hash, key } : undefined
}
