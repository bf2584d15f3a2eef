import { isoOf } from '../kernel/instants.ts'
import type { Secret } from '../kernel/secret.ts'

/**
 * The two file formats of age (https://age-encryption.org, age(1)): recipients, and identities. Both have one key a
 * line, empty lines, and comments that begin with #.
 */
export type KeyLine = { line: number; key: string }

export function readKeyLines(text: string): KeyLine[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n/)
    .map((content, index) => ({ line: index + 1, key: content.trim() }))
    .filter(({ key }) => key !== '' && !key.startsWith('#'))
}

const recipientsHeader = `# Everything is sealed for each of these age recipients (public keys), one a line.
# A person with the identity of any one of them can open all that is sealed while it stands here.
`

/** The text of a recipients file with one more recipient; everything else in it stays. */
export function withRecipient(text: string, recipient: string): string {
  const before = text === '' ? recipientsHeader : text.replace(/[^\n]$/, '$&\n')
  return `${before}${recipient}\n`
}

/**
 * An identity file that explains itself to a person who finds it years later, so that it is the recovery file
 * too.
 */
export function identityFile(identity: Secret, recipient: string, created: Temporal.Instant): string {
  return `# Recovery file of Activity Tracker: a secret key, called an identity.
#
# This file opens everything that was sealed for the public key below. Without it, or the one of another recipient,
# nothing opens it. Keep a copy in a safe place away from the computer, and show it to no other person.
#
# To open a sealed OBJECT, with this FILE:
#   activity-tracker open OBJECT --identity FILE
# or without that program, with age (https://age-encryption.org) and zstd:
#   age -d -i FILE OBJECT > screenshot.webp          for ….webp.age, and so for ….jpg.age
#   age -d -i FILE OBJECT | zstd -d                  for ….ndjson.zst.age
#
# created: ${isoOf(created)}
# public key: ${recipient}
${identity.reveal()}
`
}
