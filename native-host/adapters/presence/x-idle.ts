import type { XSync } from 'x11'
import { settledBefore } from '../../kernel/lifetime.ts'
import { openXSession } from '../../platform/x11/session.ts'
import type { PresenceReport } from '../../presence/presence-sources.ts'

/**
 * Listens until the X server is gone. Its idle time (SYNC, IDLETIME) triggers alarms after `stillMs` without device use
 * and at the next use. The server forgets an alarm when a client reads the counter just then, so without one the
 * counter is read a fifth later, never during silence.
 * @throws Error when the server has no idle time or is gone | the reason of `signal`
 */
export async function watchX(
  display: string,
  onReport: (sign: PresenceReport) => void,
  stillMs: number,
  signal: AbortSignal,
): Promise<never> {
  using session = await openXSession(display, signal)
  const { client } = session
  const ask = <T>(send: Parameters<typeof session.ask<T>>[0]) => session.ask<T>(send, signal)
  const failed = Promise.withResolvers<never>()
  let overdue: NodeJS.Timeout | undefined
  try {
    const sync = await ask<XSync>(done => client.require('sync', done))
    const counters = await ask<{ counter: number; name: string }[]>(done => sync.ListSystemCounters(done))
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
    const readIdle = () => ask<number>(done => sync.QueryCounter(counter, done)).then(take)
    await readIdle()
    return await settledBefore(failed.promise, signal, session.gone)

    function take(idleMs: number): void {
      if (idleMs >= stillMs) beStill(idleMs)
      else stir(idleMs)
    }

    function beStill(forMs: number): void {
      clearTimeout(overdue)
      onReport({ kind: 'still', source: 'x', forMs })
    }

    function stir(idleMs: number): void {
      clearTimeout(overdue)
      overdue = setTimeout(() => readIdle().catch(failed.reject), stillMs * 1.2 - idleMs)
      onReport({ kind: 'active', source: 'x' })
    }
  } finally {
    clearTimeout(overdue)
  }
}
