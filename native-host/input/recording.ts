import type { InputEvent } from './input-event.ts'

/**
 * Recordings of input as text, one event a line: `s,t,e,x,y,b`: session; milliseconds since its start; event (`m`
 * move, `d` and `u` button, `w` wheel, `kd` and `ku` key); place; button. For keys `x` is the slot that pairs a press
 * with its release: there is no column for which key it was.
 */
export const recordingHeader = 's,t,e,x,y,b'

const columnCount = recordingHeader.split(',').length
/** No desktop has a place and no session a time beyond this: such a file is no recording. */
const mostPx = 1e6
const mostMs = 1e14

export type RecordedEvent = { session: string; event: InputEvent }

/**
 * @param line without its end
 * @returns undefined for a line that is no event
 */
export function parseRecordingLine(line: string): RecordedEvent | undefined {
  return parsePlain(line) ?? parseCells(cellsOf(line))
}

/** Whether a first line names the columns. A byte order mark and quotes make no difference. */
export function isRecordingHeader(line: string): boolean {
  return cellsOf(line.replace(/^\uFEFF/, '')).join() === recordingHeader
}

/** Hardly any file has quotes, spaces or empty cells, and to cut a line into cells costs more than to judge the event. */
function parsePlain(line: string): RecordedEvent | undefined {
  const time = line.indexOf(',') + 1
  const name = line.indexOf(',', time) + 1
  const x = line.indexOf(',', name) + 1
  const y = line.indexOf(',', x) + 1
  const button = line.indexOf(',', y) + 1
  if (time === 0 || name === 0 || x === 0 || y === 0 || button === 0) return undefined
  const event = toEvent(
    line.slice(name, x - 1),
    decimalIn(line, time, name - 1, mostMs),
    decimalIn(line, x, y - 1, mostPx),
    decimalIn(line, y, button - 1, mostPx),
    decimalIn(line, button, line.endsWith('\r') ? line.length - 1 : line.length, mostPx),
  )
  const session = line.slice(0, time - 1)
  const isPlain = event && !session.startsWith('"') && session.trim() === session
  return isPlain ? { session, event } : undefined
}

function parseCells(cells: readonly string[]): RecordedEvent | undefined {
  const [session = '', time = '', name = '', x = '', y = '', button = ''] = cells
  const [at, placeX] = [numberIn(time, mostMs), numberIn(x, mostPx)]
  const isKey = name === 'kd' || name === 'ku'
  // Columns without a meaning for such an event may be left out.
  const placeY = isKey && y === '' ? 0 : numberIn(y, mostPx)
  const which = button === '' && (isKey || name === 'm') ? 0 : numberIn(button, mostPx)
  const event = cells.length === columnCount ? toEvent(name, at, placeX, placeY, which) : undefined
  return event && { session, event }
}

function cellsOf(line: string): string[] {
  return line.split(',').map(cell => cell.trim().replace(/^"(.*)"$/, '$1'))
}

export function formatRecordingLine(session: string, at: number, event: InputEvent): string {
  const place = 'x' in event ? `${event.x},${event.y}` : `${event.slot},0`
  const button = 'button' in event ? event.button : 'steps' in event ? event.steps : 0
  return `${session},${Math.round(10 * at) / 10},${names[event.kind]},${place},${button}`
}

const names: Record<InputEvent['kind'], string> = {
  move: 'm',
  'button-down': 'd',
  'button-up': 'u',
  wheel: 'w',
  'key-down': 'kd',
  'key-up': 'ku',
}

function toEvent(name: string, at: number, x: number, y: number, button: number): InputEvent | undefined {
  if (Number.isNaN(at + x + y + button)) return undefined
  switch (name) {
    case 'm':
      return { kind: 'move', at, x, y }
    case 'd':
      return { kind: 'button-down', at, button, x, y }
    case 'u':
      return { kind: 'button-up', at, button, x, y }
    case 'w':
      return { kind: 'wheel', at, steps: button || 1, x, y }
    case 'kd':
      return isSlot(x) ? { kind: 'key-down', at, slot: x } : undefined
    case 'ku':
      return isSlot(x) ? { kind: 'key-up', at, slot: x } : undefined
    default:
      return undefined
  }
}

function isSlot(value: number): boolean {
  return Number.isInteger(value) && value >= 0
}

/** NaN for text that is no number, or an implausible one. */
function numberIn(text: string, most: number): number {
  const value = Number(text)
  // Number() reads nothing at all as zero.
  const isNothing = value === 0 && text.trim() === ''
  return isNothing || Math.abs(value) > most ? Number.NaN : value
}

const code = { minus: 0x2d, point: 0x2e, zero: 0x30, nine: 0x39 } as const
/** So many digits are a whole number without loss, and so is what comes of dividing it by a power of ten. */
const exactDigits = 15

/** NaN for text that is no plain number such as -12.5, or an implausible one. */
function decimalIn(line: string, from: number, to: number, most: number): number {
  const start = line.charCodeAt(from) === code.minus ? from + 1 : from
  if (to - start > exactDigits) return Number.NaN
  let value = 0
  let digits = 0
  /** Ten to the number of digits behind the point; 0 before it. */
  let scale = 0
  for (let at = start; at < to; at++) {
    const character = line.charCodeAt(at)
    if (character === code.point && scale === 0) {
      scale = 1
      continue
    }
    if (character < code.zero || character > code.nine) return Number.NaN
    value = value * 10 + character - code.zero
    scale *= 10
    digits++
  }
  if (digits === 0) return Number.NaN
  const size = scale > 1 ? value / scale : value
  if (size > most) return Number.NaN
  return start > from ? -size : size
}
