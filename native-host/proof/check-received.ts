import type { SignedHead } from '../journal/chain-head.ts'
import type { CheckedDevice } from './check-device.ts'

/** What a head that the reader received earlier says of a bundle. */
export type ReceivedHead = { device: string; seq: number } & (
  | {
      /** The bundle is of this history, at least up to here: nothing before it was removed since or written anew. */
      kind: 'bound'
      /** The last shown record up to there. */
      to: string | undefined
    }
  /** Another record was there when the head was sent. */
  | { kind: 'contradicted' }
  /** Its record is withheld or missing, and no head of the bundle ends where it does. */
  | { kind: 'absent' }
  /** The bundle ends before it, and it lies on a date that the bundle claims to show. */
  | { kind: 'cut-off'; endsWith: number }
  /** The bundle begins after it, and it lies on a date that the bundle claims to show. */
  | { kind: 'cut-before'; startsAfter: number }
  /** It is newer than what the bundle shows, or older: it binds nothing of it. */
  | { kind: 'after'; date: string | undefined }
  | { kind: 'before' }
  | { kind: 'other-device' }
  /** Its signature is not the one of the key that it names: it was not copied whole. */
  | { kind: 'not-signed' }
)

const notes: ReadonlySet<ReceivedHead['kind']> = new Set(['bound', 'after', 'before'])

export function isFinding({ kind }: ReceivedHead): boolean {
  return !notes.has(kind)
}

type Asked = {
  devices: readonly CheckedDevice[]
  isSigned(head: SignedHead): boolean
  from: string
  until: string
}

export function checkReceived(head: SignedHead, asked: Asked): ReceivedHead {
  const { device, seq } = head
  const where = { device, seq }
  if (!asked.isSigned(head)) return { ...where, kind: 'not-signed' }
  const own = asked.devices.find(checked => checked.device === device)
  if (!own) return { ...where, kind: 'other-device' }
  const date = head.form === 2 ? head.date : undefined
  const known = own.links.get(seq)
  if (known !== undefined) {
    if (known !== head.hash) return { ...where, kind: 'contradicted' }
    return { ...where, kind: 'bound', to: own.ends.findLast(end => end.seq <= seq)?.at }
  }
  if (seq > own.endsWith) {
    // Without a date, as old heads are, nothing says that it is too new.
    const isAfter = date !== undefined && date > asked.until
    return isAfter ? { ...where, kind: 'after', date } : { ...where, kind: 'cut-off', endsWith: own.endsWith }
  }
  if (seq < own.startsAfter)
    return date !== undefined && date > asked.from
      ? { ...where, kind: 'cut-before', startsAfter: own.startsAfter }
      : { ...where, kind: 'before' }
  return { ...where, kind: 'absent' }
}
