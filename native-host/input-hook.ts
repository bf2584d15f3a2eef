import { createBatch, eventsPerBatch } from './adapters/input/event-records.ts'
import { type HookFailure, type HookMessage, stopRequest } from './adapters/input/hook-channel.ts'
import { createTranslator, type UiohookEvent } from './adapters/input/uiohook-events.ts'

/**
 * The process that hooks the keyboard and the pointer for the agent, which starts it and watches over it.
 * Whatever tells which key it was ends here: what leaves is made of event-records.ts and nothing else.
 */

/**
 * The hook's thread wakes this one for every single event, which costs more than all the rest. So after the first
 * event this thread sleeps, deaf to everything, and then takes what has come together. The agent is promised
 * batches at most 100 ms old; the other half is for the way.
 */
const restMs = 50
const nobodyWakes = new Int32Array(new SharedArrayBuffer(4))
/** At the end, what the server has sent but the hook's thread has not passed on yet is waited for: this long quiet… */
const quietMs = 40
/** …but not longer than this, as somebody may go on typing. */
const drainWithinMs = 1000

const machineMs = () => Number(process.hrtime.bigint()) / 1e6
const translate = createTranslator(machineMs)
const batch = createBatch()
let quietSince = 0

// The agent decides when this ends. A Ctrl-C or a logout reaches both at once, and the last events must get over.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
process.on('disconnect', () => process.exit())
process.on('message', message => {
  if (message !== stopRequest) return
  quietSince = machineMs()
  drain(machineMs() + drainWithinMs)
})
await start()

async function start(): Promise<void> {
  try {
    // Loaded here, so that a missing system library is a failure with a name.
    const { uIOhook } = await import('uiohook-napi')
    uIOhook.on('input', collect)
    uIOhook.start()
    send({ kind: 'ready' })
  } catch (error) {
    send({ kind: 'failed', ...describeFailure(error) }, () => process.exit())
  }
}

function collect(raw: UiohookEvent): void {
  const event = translate(raw)
  if (event === undefined) return
  if (batch.count === 0) setImmediate(rest)
  batch.add(event)
  quietSince = machineMs()
  if (batch.count === eventsPerBatch) flush()
}

function rest(): void {
  Atomics.wait(nobodyWakes, 0, 0, restMs)
  // One turn of the event loop hands over what has queued up.
  setImmediate(() => flush())
}

function flush(sent: () => void = () => undefined): void {
  if (batch.count === 0) sent()
  else send({ kind: 'events', records: batch.take() }, sent)
}

function drain(deadline: number): void {
  const now = machineMs()
  if (now < deadline && now - quietSince < quietMs) {
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

function describeFailure(error: unknown): { code: HookFailure; detail: string } {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  switch (code) {
    case 'UIOHOOK_ERROR_AXAPI_DISABLED':
      return { code: 'INPUT_NOT_PERMITTED', detail: '' }
    case 'UIOHOOK_ERROR_X_OPEN_DISPLAY':
      return { code: 'INPUT_NO_DISPLAY', detail: `DISPLAY ${process.env.DISPLAY} does not let us in` }
    default: {
      // The loader names it: "libXtst.so.6: cannot open shared object file: …".
      const library = /\blib[\w.+-]+\.so[.\d]*/.exec(String(error))?.[0]
      return { code: 'INPUT_HOOK_FAILED', detail: library ? `missing ${library}` : code }
    }
  }
}
