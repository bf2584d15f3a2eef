import type { JournalRecord } from '../../protocol/records.ts'
import { createWallTime } from '../timeline/wall-time.ts'
import { isOld, isOnItsWay } from './on-its-way.ts'

export type PictureFinding =
  /** A record names it, no record deletes it before delivery, and it is not here. */
  | { kind: 'screenshot-missing'; object: string; seq: number }
  /** A record says that it was deleted or replaced before it was delivered, and it is here. */
  | { kind: 'screenshot-removed'; object: string; seq: number }
  /** A record names it, under another date or device. */
  | { kind: 'object-moved'; object: string; from: string }

/** Notes that are no fault. */
export type PictureNote =
  /** Signed with the device's own key: the tracker died between the two, or the record is still on its way. */
  | { kind: 'screenshot-unrecorded'; object: string }
  /** Of the old form, which binds no signature to a picture: anyone with the recipients could have made it. */
  | { kind: 'screenshot-unproven'; object: string }
  | { kind: 'screenshot-on-its-way'; object: string; seq: number }

/** As far as it is known: all of the key when it was signed or stands in the tracker's own folders. */
export type SeenPicture = { name: string; key: string | undefined; isSigned: boolean }

type Expected = { key: string; seq: number; at: string; dueMs: number; held: boolean }

/** Where only a part is looked at: which pictures should be here, by their keys, and whether records are. */
export type PicturePart = { isExpected(key: string): boolean; isRecorded: boolean }

const all: PicturePart = { isExpected: () => true, isRecorded: true }

/**
 * Compares the pictures that records name with those that are there. An object's name holds the hash of its bytes, and
 * so does the record: whether the bytes are those is seen when the object is read.
 */
export function createPictureCheck({ isExpected, isRecorded }: PicturePart = all) {
  /** Named, and not seen yet. */
  const expected = new Map<string, Expected>()
  const unrecorded = new Map<string, SeenPicture>()
  const removed = new Map<string, number>()
  const settled = new Set<string>()
  const findings: PictureFinding[] = []
  const time = createWallTime()
  let lastMs = 0

  return {
    record(record: JournalRecord): void {
      lastMs = time.follow(record)
      const { seq, at } = record
      switch (record.kind) {
        case 'screenshot': {
          const { object: key, held_until } = record
          const dueMs = held_until === undefined ? lastMs : time.ahead(held_until)
          expect({ key, seq, at, dueMs, held: held_until !== undefined })
          break
        }
        case 'screenshot.blurred': {
          const dueMs = expected.get(nameOf(record.object))?.dueMs ?? lastMs
          remove(record.object, seq)
          expect({ key: record.by, seq, at, dueMs, held: true })
          break
        }
        case 'screenshot.deleted':
          remove(record.object, seq)
          break
        default:
      }
    },

    object(picture: SeenPicture): void {
      const { name } = picture
      const seq = removed.get(name)
      if (seq !== undefined) findings.push({ kind: 'screenshot-removed', object: name, seq })
      const named = expected.get(name)
      if (named) compare(named, picture)
      else if (seq === undefined) unrecorded.set(name, picture)
      expected.delete(name)
    },

    /** It is here, and something else was found about it. */
    found(name: string): void {
      settled.add(name)
      expected.delete(name)
    },

    /** @param now the time of the check */
    end(now: Temporal.Instant): {
      findings: PictureFinding[]
      notes: PictureNote[]
      firstOnItsWay: string | undefined
    } {
      const alone = isRecorded ? [...unrecorded.values()] : []
      const notes: PictureNote[] = alone.map(({ name, isSigned }) => ({
        kind: isSigned ? 'screenshot-unrecorded' : 'screenshot-unproven',
        object: name,
      }))
      const nowMs = Math.max(lastMs, time.ahead(now.toString()))
      let firstOnItsWay: string | undefined
      for (const [object, { seq, at, dueMs, held }] of expected) {
        // Held pictures wait on a computer that is off, too.
        const waits = held && isOnItsWay(dueMs, lastMs) && !isOld(lastMs, nowMs)
        if (waits || isOnItsWay(dueMs, nowMs)) {
          notes.push({ kind: 'screenshot-on-its-way', object, seq })
          firstOnItsWay ??= at
        } else findings.push({ kind: 'screenshot-missing', object, seq })
      }
      return { findings, notes, firstOnItsWay }
    },
  }

  function expect(named: Expected): void {
    const name = nameOf(named.key)
    const seen = unrecorded.get(name)
    if (seen) compare(named, seen)
    else if (!settled.has(name) && isExpected(named.key)) expected.set(name, named)
    unrecorded.delete(name)
  }

  function remove(key: string, seq: number): void {
    const name = nameOf(key)
    expected.delete(name)
    removed.set(name, seq)
    if (unrecorded.delete(name)) findings.push({ kind: 'screenshot-removed', object: name, seq })
  }

  function compare({ key }: Expected, seen: SeenPicture): void {
    if (seen.key === undefined || seen.key === key) return
    findings.push({ kind: 'object-moved', object: seen.name, from: key })
  }
}

function nameOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1)
}
