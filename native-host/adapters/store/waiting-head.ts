import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { chainStart } from '../../../protocol/records.ts'
import type { ChainHead, SignedHead2 } from '../../journal/chain-head.ts'
import { longestHeader, readSignedHead } from '../../journal/sealed-head.ts'
import { readBeginning } from '../../platform/files/read-within.ts'
import { parseName } from './outbox-name.ts'

/**
 * What the newest segment that waits in the outbox says of the device and of its chain. When the database is lost, this
 * is how the same device goes on with the same chain. undefined when none waits, or none of this form.
 */
export function readWaitingHead(folder: string): SignedHead2 | undefined {
  const segments = namesIn(folder).flatMap(file => {
    const name = parseName(file)
    return name?.content.kind === 'records' ? [{ file, seq: name.seq, to: name.content.to }] : []
  })
  const newest = segments.reduce<(typeof segments)[number] | undefined>(
    (best, segment) => (best && best.seq > segment.seq ? best : segment),
    undefined,
  )
  if (!newest) return undefined
  try {
    const head = readSignedHead(readBeginning(join(folder, newest.file), longestHeader))
    // A device is the name of a folder, too.
    const isSound = head?.form === 2 && head.seq === newest.to && /^[A-Za-z0-9][\w-]{0,99}$/.test(head.device)
    return isSound ? head : undefined
  } catch {
    return undefined
  }
}

/** What is covered by the outbox, with its link where the outbox still knows it. */
export function coveredHead(through: number, waiting: SignedHead2 | undefined): ChainHead {
  return { seq: through, hash: waiting?.seq === through ? waiting.hash : chainStart }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
