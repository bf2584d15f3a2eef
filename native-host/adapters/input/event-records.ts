import { AppError } from '../../../protocol/errors.ts'
import type { InputEvent } from '../../input/input-event.ts'

/**
 * Input events from the hook process to the agent: five numbers each, in one Float64Array.
 *
 *   0  kind: the index in `kinds`
 *   1  at: milliseconds on the monotonic clock
 *   2  slot, button or steps, by kind
 *   3  x  (0 for keys)
 *   4  y  (0 for keys)
 *
 * Nothing else can cross. It costs a tenth of objects.
 */
const kinds = ['key-down', 'key-up', 'button-down', 'button-up', 'move', 'wheel'] as const
const fields = 5

/** Bounds the message, and with it what a stuck agent makes the hook process keep. */
export const eventsPerBatch = 512

export function createBatch() {
  const records = new Float64Array(eventsPerBatch * fields)
  let count = 0
  return {
    get count() {
      return count
    },
    add(event: InputEvent): void {
      const offset = count++ * fields
      // Written one by one, as they are read: an array in between costs more than the rest.
      records[offset] = kinds.indexOf(event.kind)
      records[offset + 1] = event.at
      records[offset + 2] = detailOf(event)
      records[offset + 3] = 'x' in event ? event.x : 0
      records[offset + 4] = 'y' in event ? event.y : 0
    },
    /** The records so far; the batch is empty afterwards. */
    take(): Float64Array {
      const taken = records.slice(0, count * fields)
      count = 0
      return taken
    },
  }
}

function detailOf(event: InputEvent): number {
  switch (event.kind) {
    case 'key-down':
    case 'key-up':
      return event.slot
    case 'button-down':
    case 'button-up':
      return event.button
    case 'move':
      return 0
    case 'wheel':
      return event.steps
    default:
      throw event satisfies never
  }
}

/** @throws AppError MESSAGE_INVALID */
export function parseRecords(records: Float64Array): InputEvent[] {
  if (records.length % fields !== 0 || records.length > eventsPerBatch * fields) throw invalid('length')
  const events: InputEvent[] = []
  for (let offset = 0; offset < records.length; offset += fields) events.push(parseRecord(records, offset))
  return events
}

function parseRecord(records: Float64Array, offset: number): InputEvent {
  // Read one by one: taking a slice apart costs ten times as much, and this is on the path of every event.
  const index = records[offset] ?? -1
  const at = records[offset + 1] ?? Number.NaN
  const detail = records[offset + 2] ?? Number.NaN
  const x = records[offset + 3] ?? Number.NaN
  const y = records[offset + 4] ?? Number.NaN
  if (!(Number.isFinite(at) && Number.isInteger(x) && Number.isInteger(y))) throw invalid('numbers')
  const kind = kinds[index]
  if (!Number.isInteger(detail) || (detail < 0 && kind !== 'wheel')) throw invalid('detail')
  switch (kind) {
    case 'key-down':
    case 'key-up':
      return { kind, at, slot: detail }
    case 'button-down':
    case 'button-up':
      return { kind, at, button: detail, x, y }
    case 'move':
      return { kind, at, x, y }
    case 'wheel':
      return { kind, at, steps: detail, x, y }
    case undefined:
      throw invalid('kind')
    default:
      throw kind satisfies never
  }
}

function invalid(what: string): AppError {
  return new AppError('MESSAGE_INVALID', { detail: `input record: ${what}` })
}
