import type { XDisplay, XSync } from 'x11'
import type { PresenceSign } from '../../core/presence-signs.ts'
import { isDisplayName } from '../base/x-display-name.ts'

/**
 * Listens until the X server is gone: its idle time (SYNC extension, the counter IDLETIME) rings an alarm when nobody
 * used a device for `stillMs`, and another when somebody does again. Rejects when the server has none.
 *
 * The server forgets an alarm when somebody reads the counter in the moment in which it becomes due: it compares with
 * what was read last. So whoever was not rung for is asked about a fifth later, and never while nobody touches anything.
 */
export async function watchX(
  display: string,
  onSign: (sign: PresenceSign) => void,
  stillMs: number,
  signal: AbortSignal,
): Promise<void> {
  const { client } = await connect(display)
  const ended = Promise.withResolvers<void>()
  const leave = () => client.close(() => ended.resolve())
  client.on('end', () => ended.resolve())
  client.on('error', () => ended.resolve())
  signal.addEventListener('abort', leave, { once: true })
  let overdue: NodeJS.Timeout | undefined
  try {
    if (signal.aborted) return
    const sync = await reply<XSync>(done => client.require('sync', done))
    const counters = await reply<{ counter: number; name: string }[]>(done => sync.ListSystemCounters(done))
    const counter = counters.find(({ name }) => name === 'IDLETIME')?.counter
    if (counter === undefined) throw new Error('the X server has no idle time')
    const still = client.AllocID()
    const again = client.AllocID()
    client.on('event', event => {
      if (event.name !== 'AlarmNotify') return
      if (event.alarm === still) beStill(event.counterValue)
      if (event.alarm === again) stir(0)
    })
    const { PositiveTransition, NegativeTransition } = sync.TestType
    const alarm = { counter, valueType: sync.ValueType.Absolute, delta: 0, events: true }
    sync.CreateAlarm(still, { ...alarm, value: stillMs, testType: PositiveTransition })
    sync.CreateAlarm(again, { ...alarm, value: stillMs - 1, testType: NegativeTransition })
    const ask = () => reply<number>(done => sync.QueryCounter(counter, done)).then(take)
    await ask()
    await ended.promise

    function take(idleMs: number): void {
      if (idleMs >= stillMs) beStill(idleMs)
      else stir(idleMs)
    }

    function beStill(forMs: number): void {
      clearTimeout(overdue)
      onSign({ kind: 'still', source: 'x', forMs })
    }

    function stir(idleMs: number): void {
      clearTimeout(overdue)
      overdue = setTimeout(() => ask().catch(ended.reject), stillMs * 1.2 - idleMs)
      onSign({ kind: 'stirring', source: 'x' })
    }
  } finally {
    clearTimeout(overdue)
    signal.removeEventListener('abort', leave)
    client.terminate()
  }
}

async function connect(display: string): Promise<XDisplay> {
  if (!isDisplayName(display)) throw new Error(`${display} is no name of a display`)
  // Loaded only where there is an X server to talk to.
  const { default: x11 } = await import('x11')
  return new Promise((resolve, reject) => {
    const client = x11.createClient({ display, shm: false }, (error, connected) =>
      error ? reject(error) : resolve(connected),
    )
    client.on('error', reject)
  })
}

function reply<T>(ask: (done: (error: Error | null, result: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => ask((error, result) => (error ? reject(error) : resolve(result))))
}
