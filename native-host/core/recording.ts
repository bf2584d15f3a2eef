import { AppError } from '../../protocol/errors.ts'
import type { InputEvent } from './input-event.ts'

/**
 * Recordings of input as text, one event a line: `s,t,e,x,y,b`: session; milliseconds since its start; event (`m`
 * move, `d` and `u` button, `w` wheel, `kd` and `ku` key); place; button. For keys `x` is the slot that pairs a press
 * with its release: there is no column for which key it was.
 */
export const recordingHeader = 's,t,e,x,y,b'

const quote = 0x22
const columnCount = recordingHeader.split(',').length
/** What is farther away is no place on a desktop, and no time of a sitting: the file is not what it says. */
const mostPx = 1e6
const mostMs = 1e14

export type RecordedEvent = { session: string; event: InputEvent }

/**
 * @param line without its end
 * @param where for the error, such as "file.csv:17"
 * @throws AppError RECORDING_INVALID
 */
export function parseRecordingLine(line: string, where: string): RecordedEvent {
  // Hardly any file has quotes or spaces, and a look at each cell costs.
  const isPlain = line.charCodeAt(0) !== quote
  const recorded = (isPlain ? parseCells(line.split(',')) : undefined) ?? parseCells(cellsOf(line))
  if (!recorded) throw new AppError('RECORDING_INVALID', { detail: where })
  return recorded
}

/** Whether a first line names the columns. A mark of the byte order and quotes do not change what it says. */
export function isRecordingHeader(line: string): boolean {
  return cellsOf(line.replace(/^\uFEFF/, '')).join() === recordingHeader
}

function parseCells(cells: readonly string[]): RecordedEvent | undefined {
  const [session = '', time = '', name = '', x = '', y = '', button = ''] = cells
  const [at, placeX] = [numberIn(time, mostMs), numberIn(x, mostPx)]
  const isKey = name === 'kd' || name === 'ku'
  // What says nothing of such an event may be left out.
  const placeY = isKey && y === '' ? 0 : numberIn(y, mostPx)
  const which = isBlank(button) && (isKey || name === 'm') ? 0 : numberIn(button, mostPx)
  const event = toEvent(name, at, placeX, placeY, which)
  const isWhole = cells.length === columnCount && Number.isFinite(at + placeX + placeY + which)
  return isWhole && event !== undefined ? { session, event } : undefined
}

function cellsOf(line: string): string[] {
  return line.split(',').map(cell => cell.trim().replace(/^"(.*)"$/, '$1'))
}

function isBlank(cell: string): boolean {
  return cell === '' || cell === '\r'
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

/** NaN for what is no number, or none that can be meant. */
function numberIn(text: string, most: number): number {
  const value = Number(text)
  // Number() reads nothing at all as zero.
  const isNothing = value === 0 && text.trim() === ''
  return isNothing || Math.abs(value) > most ? Number.NaN : value
}
