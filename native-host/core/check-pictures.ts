import type { JournalRecord } from '../../protocol/records.ts'

export type PictureFinding =
  /** A record names it, nobody deleted it before it was delivered, and it is not here. */
  { kind: 'screenshot-missing'; object: string; seq: number }

/** What is no fault: the tracker may have died between the two, or the rest is still on its way. */
export type PictureNote =
  | { kind: 'screenshot-unrecorded'; object: string }
  | { kind: 'screenshot-on-its-way'; object: string; seq: number }

/** Behind the end of a hold, a delivery may take this long before a picture counts as missing. */
const onItsWayMs = 900_000

/**
 * Compares the pictures that records name with those that are there. An object's name holds the hash of its bytes, and
 * so does the record: whether the bytes are those is seen when the object is read.
 */
export function createPictureCheck() {
  /** Named, and not seen yet. */
  const expected = new Map<string, { seq: number; dueMs: number }>()
  const unrecorded = new Set<string>()
  let lastMs = 0

  return {
    record(record: JournalRecord): void {
      lastMs = Math.max(lastMs, Date.parse(record.at))
      switch (record.kind) {
        case 'screenshot':
          expect(record.object, record.seq, Date.parse(record.held_until ?? record.at))
          break
        case 'screenshot.blurred':
          expected.delete(nameOf(record.object))
          expect(record.by, record.seq, Date.parse(record.at))
          break
        case 'screenshot.deleted':
          expected.delete(nameOf(record.object))
          break
        default:
      }
    },

    /** @param name of the object, without its folders */
    object(name: string): void {
      if (!expected.delete(name)) unrecorded.add(name)
    },

    end(): { findings: PictureFinding[]; notes: PictureNote[] } {
      const findings: PictureFinding[] = []
      const notes: PictureNote[] = [...unrecorded].map(object => ({ kind: 'screenshot-unrecorded', object }))
      for (const [object, { seq, dueMs }] of expected) {
        if (dueMs + onItsWayMs > lastMs) notes.push({ kind: 'screenshot-on-its-way', object, seq })
        else findings.push({ kind: 'screenshot-missing', object, seq })
      }
      return { findings, notes }
    },
  }

  function expect(key: string, seq: number, dueMs: number): void {
    const name = nameOf(key)
    if (!unrecorded.delete(name)) expected.set(name, { seq, dueMs })
  }
}

function nameOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1)
}
