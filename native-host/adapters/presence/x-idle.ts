import type { XDisplay, XSync } from 'x11'
import type { PresenceSign } from '../../core/presence-signs.ts'
import { isDisplayName } from '../base/x-display-name.ts'

/**
 * Listens until the X server is gone: its idle time (SYNC extension, the counter IDLETIME) rings an alarm when nobody
 * used a device for `stillMs`, and another when somebody does again. Rejects when the server has none.
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
      if (event.alarm === still) onSign({ kind: 'still', source: 'x', forMs: event.counterValue })
      if (event.alarm === again) onSign({ kind: 'stirring', source: 'x' })
    })
    const idleMs = await reply<number>(done => sync.QueryCounter(counter, done))
    const { PositiveTransition, NegativeTransition } = sync.TestType
    const alarm = { counter, valueType: sync.ValueType.Absolute, delta: 0, events: true }
    sync.CreateAlarm(still, { ...alarm, value: stillMs, testType: PositiveTransition })
    sync.CreateAlarm(again, { ...alarm, value: stillMs - 1, testType: NegativeTransition })
    onSign(
      idleMs >= stillMs ? { kind: 'still', source: 'x', forMs: idleMs } : { kind: 'stirring', source: 'x' },
    )
    await ended.promise
  } finally {
    signal.removeEventListener('abort', leave)
    client.close(() => undefined)
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
