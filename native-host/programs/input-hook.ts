import '../platform/process/guard-process.ts'
import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import { toProblem } from '../../protocol/errors.ts'
import { createBatch, eventsPerBatch } from '../adapters/input/event-records.ts'
import {
  closeLookRequests,
  type HookMessage,
  isHookFailure,
  stopRequest,
} from '../adapters/input/hook-channel.ts'
import { hookWithUiohook } from '../adapters/input/uiohook.ts'
import { createTranslator } from '../adapters/input/uiohook-events.ts'
import { createXTranslator } from '../adapters/input/x-events.ts'
import type { XInquiry } from '../adapters/input/x-inquiry.ts'
import type { InputEvent } from '../input/input-event.ts'
import { giveBackMemory } from '../platform/process/give-back-memory.ts'

/**
 * The process that hooks the keyboard and the pointer for the agent, which starts it and watches over it.
 * Nothing that identifies a key passes this point: what leaves is made of event-records.ts and nothing else.
 */

/**
 * Counting costs wake-ups: one here, and one in the agent. So after an event this thread sleeps through
 * further input, then takes all of it and hands it over at once. An X server keeps what no client reads until
 * then. The agent is promised an event within half a second, and shows a count once a second.
 */
const restMs = 350
const nobodyWakes = new Int32Array(new SharedArrayBuffer(4))
/** How often it is asked which devices the input came from. */
const lookEveryMs = 5000
/** The same while the agent wants to know more precisely, or the system moves the pointer by keys. */
const lookCloselyEveryMs = 1000
/** A device that was used just before a span is reported as well: its events may arrive within. */
const marginMs = 50
/**
 * V8 would let what it need not keep pile up for hours before it looks: eight megabytes an hour of steady work. Looking takes
 * some milliseconds, and clears away what passed through here.
 */
const sweepEveryMs = 600_000
/** At the end, what the system has sent but has not arrived yet is waited for: this long quiet… */
const quietMs = 40
/** …but not longer than this, as the person may go on typing. */
const drainWithinMs = 1000

/** Where performance.now() begins on the machine's clock; it costs a tenth of asking that for each event. */
const startedAtMs = readStart()
const machineMs = () => startedAtMs + performance.now()
const batch = createBatch()
let quietSince = 0
/** One rest at a time: a batch that fills up before its time must not begin another beside it. */
let resting = false
let stopping = false
/** At the end: asked for the last of it, and not answered. A server that hangs must not take along what is here. */
let fetching = false
/** Where the system tells more than the events: X. */
let inquiry: XInquiry | undefined
let noteTime: (stamp: number) => void = () => undefined
let lookedAt = 0
let isWanted = false
/** As last reported to the agent. */
let pointerKeys: boolean | undefined
let keysSinceLook = false
let later: NodeJS.Timeout | undefined
let sweptAt = startedAtMs
/** When each batch since then began: what begins within the span of a look is known to half a second. */
let batchesAt: number[] = []

// The agent decides when this ends. A Ctrl-C or a logout reaches both at once, and the last events must get over.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
process.on('disconnect', () => process.exit())
process.on('message', message => {
  if (message === closeLookRequests.on) isWanted = true
  if (message === closeLookRequests.off) isWanted = false
  if (message !== stopRequest) return
  stopping = true
  fetching = true
  void fetchHeld().then(() => {
    fetching = false
    quietSince = machineMs()
  })
  drain(machineMs() + drainWithinMs)
})
await start()

/** What passes between the two readings makes every event too early: some milliseconds at the first, next to none later. */
function readStart(): number {
  const tries = Array.from({ length: 5 }, () => Number(process.hrtime.bigint()) / 1e6 - performance.now())
  return Math.max(...tries)
}

async function start(): Promise<void> {
  try {
    await listen()
    send({ kind: 'ready' })
    giveBackMemory()
  } catch (error) {
    const { code, detail = '' } = toProblem(error)
    const failure = isHookFailure(code) ? code : 'INPUT_HOOK_FAILED'
    send({ kind: 'failed', code: failure, detail }, () => process.exit())
  }
}

async function listen(): Promise<void> {
  const { DISPLAY } = process.env
  const x = process.platform === 'linux' && DISPLAY && !process.argv.includes('--listener=uiohook')
  if (!x) return listenWithUiohook()
  const { translate, noteTime: note } = createXTranslator(machineMs)
  noteTime = note
  // The other systems need not load the protocol of X.
  const { recordX, withoutRecord } = await import('../adapters/input/x-record.ts')
  const { openXInquiry } = await import('../adapters/input/x-inquiry.ts')
  inquiry = await openXInquiry(DISPLAY).catch(() => undefined)
  tellPointerKeys(await fetchHeld())
  lookedAt = machineMs()
  try {
    await recordX(DISPLAY, {
      onEvent: (bytes, offset) => collect(translate(bytes, offset)),
      // The last events may still be with us.
      onEnd: () => flush(() => process.exit()),
    })
  } catch (error) {
    // A server that admits no client, or has no RECORD, makes the library abort or hang: it needs RECORD as
    // well.
    const { code, detail } = toProblem(error)
    if (code === 'INPUT_NO_DISPLAY' || detail === withoutRecord) throw error
    await listenWithUiohook()
  }
}

function listenWithUiohook(): Promise<void> {
  const translate = createTranslator(machineMs)
  return hookWithUiohook(event => collect(translate(event)))
}

function collect(event: InputEvent | undefined): void {
  if (event === undefined) return
  if (!resting && !stopping) {
    resting = true
    setImmediate(() => void rest())
  }
  if (inquiry && batch.count === 0) batchesAt.push(event.at)
  batch.add(event)
  if (batch.count === eventsPerBatch) flush()
}

async function rest(): Promise<void> {
  do {
    Atomics.wait(nobodyWakes, 0, 0, restMs)
    const areKeysOn = await fetchHeld()
    if (areKeysOn) tellPointerKeys(true)
    // One turn of the event loop takes what has queued up.
    await turnOfTheLoop()
    resting = batch.count > 0 && !stopping
    flush()
    if (!areKeysOn) tellPointerKeys(false)
    void look()
    sweep()
    // A person who types or points goes on doing so: to wait for the next event would be to wake up once more
    // for it.
  } while (resting)
}

/**
 * Has the system send what it still holds of what it has recorded, and learns how its clock goes.
 * @returns whether it moves the pointer by keys
 */
async function fetchHeld(): Promise<boolean> {
  const [time, areKeysOn = false] = await Promise.all([
    inquiry?.time().catch(() => undefined),
    inquiry?.pointerKeys().catch(() => false),
  ])
  if (time !== undefined) noteTime(time)
  return areKeysOn
}

function tellPointerKeys(on: boolean): void {
  if (on === pointerKeys) return
  pointerKeys = on
  if (on) keysSinceLook = true
  send({ kind: 'pointer-keys', on })
}

/** Asked only while there is input, and only where the system tells; a look that fails is a look less. */
async function look(): Promise<void> {
  const now = machineMs()
  if (!inquiry) return
  if (!isDue(now)) return lookLater(now)
  clearTimeout(later)
  later = undefined
  const from = Math.max(lookedAt, now - 2 * lookEveryMs)
  const first = batchesAt.find(at => at >= from) ?? from
  lookedAt = now
  batchesAt = []
  const keys = pointerKeys === true || keysSinceLook
  keysSinceLook = pointerKeys === true
  const devices = await inquiry.usedWithin(now - from + marginMs).catch(() => [])
  if (devices.length > 0) send({ kind: 'sources', from, first, to: now, devices, pointerKeys: keys })
}

/**
 * When input ends before the next look is due, one is taken then: its last moments would go unread otherwise.
 */
function lookLater(now: number): void {
  if (resting || later || batchesAt.length === 0) return
  later = setTimeout(
    () => {
      later = undefined
      if (batchesAt.length > 0) void look()
    },
    lookedAt + lookEveryMs - now,
  )
}

function isDue(now: number): boolean {
  const sinceMs = now - lookedAt
  const closely = isWanted || pointerKeys === true || keysSinceLook
  if (!closely) return sinceMs >= lookEveryMs
  return batchesAt.length > 0 && (sinceMs >= lookCloselyEveryMs || !resting)
}

/** `gc` is there by a flag of hook-process.ts. */
function sweep(): void {
  const now = machineMs()
  if (now - sweptAt < sweepEveryMs) return
  sweptAt = now
  globalThis.gc?.()
  giveBackMemory()
}

function flush(sent: () => void = () => undefined): void {
  if (batch.count === 0) {
    sent()
    return
  }
  quietSince = machineMs()
  send({ kind: 'events', records: batch.take() }, sent)
}

function drain(deadline: number): void {
  const now = machineMs()
  if (now < deadline && (fetching || batch.count > 0 || now - quietSince < quietMs)) {
    // Immediates run after what has queued up was taken; a timer that is late through `rest` would run before.
    setTimeout(() => setImmediate(drain, deadline), quietMs)
    return
  }
  flush(() => process.exit())
}

function send(message: HookMessage, sent: () => void = () => undefined): void {
  // The callback also gets errors. They mean that the agent is gone, and then 'disconnect' follows.
  process.send?.(message, undefined, undefined, sent)
}
