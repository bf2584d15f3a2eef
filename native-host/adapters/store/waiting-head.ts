import { join } from 'node:path'
import { chainStart } from '../../../protocol/records.ts'
import type { ChainHead, SignedHead2 } from '../../journal/chain-head.ts'
import { longestHeader, readSignedHead } from '../../journal/sealed-head.ts'
import { namesWithin, readBeginning } from '../../platform/files/read-within.ts'
import { parseName } from './outbox-name.ts'

/**
 * What the newest segment that waits in the outbox says of the device and of its chain. When the database is lost, this
 * is how the same device goes on with the same chain. undefined when none waits, or none of this form.
 */
export function readWaitingHead(folder: string): SignedHead2 | undefined {
  try {
    const newest = newestSegment(folder)
    if (!newest) return undefined
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

type Segment = { file: string; seq: number; to: number }

function newestSegment(folder: string): Segment | undefined {
  let newest: Segment | undefined
  for (const file of namesWithin(folder)) {
    const name = parseName(file)
    if (name?.content.kind === 'records' && !(newest && newest.seq > name.seq))
      newest = { file, seq: name.seq, to: name.content.to }
  }
  return newest
}
