import { budgets } from '../kernel/budgets.ts'

/** The identities of a file, and descriptions of its other lines that quote no key. */
export type IdentityLines = { keys: string[]; others: string[] }

/** Other keys that people keep beside an age identity, by their prefix. The first match counts. */
const kinds: [begins: RegExp, what: string][] = [
  [/^AGE-SECRET-KEY-PQ-1/i, 'a post-quantum identity'],
  [/^AGE-PLUGIN-/i, 'the identity of a plugin'],
  [/^-----BEGIN (OPENSSH|RSA|EC|DSA) PRIVATE KEY-----/, 'an SSH key'],
  [/^ssh-|^ecdsa-|^sk-/, 'a public SSH key'],
  [/^-----BEGIN AGE ENCRYPTED FILE-----/, 'a part that is encrypted'],
  [/^-----BEGIN /, 'a key of another kind'],
  [/^age1/, 'a recipient, which opens nothing'],
  [/^AGE-SECRET-KEY-1/i, 'an identity that is damaged'],
  [/^/, 'no identity'],
]

/** The whole file needs a passphrase first (age -p), as text or as bytes. */
export function isEncrypted(text: string): boolean {
  return /^(\uFEFF|\s)*(age-encryption\.org\/v1\n|-----BEGIN AGE ENCRYPTED FILE-----)/.test(text)
}

/** @param isKey whether a line is an identity of age that can be used */
export function sortIdentityLines(text: string, isKey: (line: string) => boolean): IdentityLines {
  const keys: string[] = []
  const others: string[] = []
  let until: string | undefined
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n/)
    .entries()) {
    const line = raw.trim()
    if (until !== undefined) {
      if (line.startsWith(until)) until = undefined
    } else if (line === '' || line.startsWith('#')) {
    } else if (isKey(line) && keys.length < budgets.identities.most) keys.push(line)
    else {
      const what = isKey(line) ? 'one identity too many' : kinds.find(([begins]) => begins.test(line))?.[1]
      others.push(`line ${index + 1} is ${what}`)
      // A key of several lines is one thing.
      if (line.startsWith('-----BEGIN ')) until = '-----END '
    }
  }
  return { keys, others }
}

const mostNamed = 5

/** As a sentence; empty when there are no other lines. */
export function describeOthers(file: string, others: readonly string[]): string {
  if (others.length === 0) return ''
  const more = others.length > mostNamed ? [`and ${others.length - mostNamed} more`] : []
  return `only X25519 identities of age can be used from ${file}: ${[...others.slice(0, mostNamed), ...more].join(', ')}`
}
