import { closeSync, constants, fstatSync, readSync, writeSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import * as v from 'valibot'
import { assertAppError } from '../../../protocol/assert-app-error.ts'
import { presenceKinds } from '../../../protocol/presence.ts'
import { countsSchema } from '../../../protocol/records.ts'
import type { UnstoredCounts } from '../../activity/ports.ts'
import { openOwnFile } from '../../platform/files/own-files.ts'
import { inStore } from '../../platform/files/store-error.ts'

/** An hour that could not be stored is some 60 kB. */
const slotBytes = 96 * 1024
const slots = [0, 1] as const
/** Checksum of all that follows, length of the content, number of the write. */
const headBytes = 16

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const keptSchema = v.object({
  after: whole,
  intervals: v.array(
    v.object({
      ...countsSchema.entries,
      from: v.pipe(v.string(), v.isoTimestamp()),
      lengthMs: whole,
      incomplete: v.boolean(),
      presence: v.picklist(presenceKinds),
      verdict: v.picklist(['genuine', 'suspect', 'scripted']),
      discarded: v.boolean(),
    }),
  ),
})
type Kept = v.InferOutput<typeof keptSchema>

/**
 * A file of two slots that are written in turn, so one of them is always whole. No write waits for the disk: the kernel
 * keeps the bytes of a killed process.
 *
 * @param stored how many intervals the journal has taken. What is kept after that many belongs to the next one, so none
 * counts twice.
 */
export function openUnstoredCounts(path: string, stored: () => number): UnstoredCounts & Disposable {
  let file: number | undefined
  let writes = readSlots(path).reduce((latest, { write }) => Math.max(latest, write), 0)
  /** How much of each slot may hold something. */
  const used: [number, number] = writes === 0 ? [0, 0] : [slotBytes, slotBytes]

  return {
    keep(intervals) {
      try {
        if (intervals.length === 0) wipe()
        else write({ after: stored(), intervals: [...intervals] })
      } catch (error) {
        // Why nothing can be written is found and shown by those who have to write.
        assertAppError(error)
      }
    },

    recall() {
      const [latest] = readSlots(path).sort((a, b) => b.write - a.write)
      if (!latest) return []
      const since = stored() - latest.kept.after
      return since < 0 ? [] : latest.kept.intervals.slice(since)
    },

    [Symbol.dispose]() {
      if (file !== undefined) closeSync(file)
      file = undefined
    },
  }

  function write(kept: Kept): void {
    const bytes = encode(kept, writes + 1)
    // More than an hour of them: they wait in memory alone.
    if (bytes.length > slotBytes) return
    const slot = writes % 2 === 0 ? 1 : 0
    put(bytes, slot)
    used[slot] = Math.max(used[slot], bytes.length)
    writes += 1
  }

  function wipe(): void {
    for (const slot of slots) {
      if (used[slot] > 0) put(Buffer.alloc(used[slot]), slot)
      used[slot] = 0
    }
  }

  function put(bytes: Uint8Array, slot: number): void {
    inStore(path, () => {
      file ??= openToWrite(path)
      writeSync(file, bytes, 0, bytes.length, slot * slotBytes)
    })
  }
}

function encode(kept: Kept, write: number): Buffer {
  const content = Buffer.from(JSON.stringify(kept))
  const bytes = Buffer.alloc(headBytes + content.length)
  bytes.writeUInt32LE(content.length, 4)
  bytes.writeBigUInt64LE(BigInt(write), 8)
  content.copy(bytes, headBytes)
  bytes.writeUInt32LE(crc32(bytes.subarray(4)))
  return bytes
}

/** Those that are whole. */
function readSlots(path: string): { write: number; kept: Kept }[] {
  const bytes = readFixed(path)
  return slots.flatMap(slot => {
    const own = bytes.subarray(slot * slotBytes, (slot + 1) * slotBytes)
    if (own.length < headBytes) return []
    const end = headBytes + own.readUInt32LE(4)
    if (end > own.length || crc32(own.subarray(4, end)) !== own.readUInt32LE(0)) return []
    const text = own.toString('utf8', headBytes, end)
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), keptSchema), text)
    return parsed.success ? [{ write: Number(own.readBigUInt64LE(8)), kept: parsed.output }] : []
  })
}

/** As much of it as belongs there. What is no file of ours, or not there, holds nothing. */
function readFixed(path: string): Buffer {
  let file: number | undefined
  try {
    file = openOwnFile(path, 'secret')
    const bytes = Buffer.alloc(slots.length * slotBytes)
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0))
  } catch {
    return Buffer.alloc(0)
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

/** All of its room is taken from the beginning, so that a disk that fills up later does not refuse. */
function openToWrite(path: string): number {
  const file = openOwnFile(path, 'secret', constants.O_RDWR | constants.O_CREAT)
  try {
    const whole = slots.length * slotBytes
    const { size } = fstatSync(file)
    if (size < whole) writeSync(file, Buffer.alloc(whole - size), 0, whole - size, size)
    return file
  } catch (error) {
    closeSync(file)
    throw error
  }
}
