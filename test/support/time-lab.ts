import { setTimeout as sleep } from 'node:timers/promises'
import { consentVersion } from '../../protocol/consent.ts'
import type { Status } from '../../protocol/status.ts'
import type { AgentTap } from './agent-tap.ts'
import { type OpenedObjects, openWithAge } from './opened-objects.ts'
import { noTurnedComputer, openTurnedComputer, type TurnedComputer } from './turned-computer.ts'
import { waitFor } from './wait-for.ts'

/** One running agent on a computer whose time zone and clock a test sets. */
export type TimeLab = AsyncDisposable &
  Pick<TurnedComputer, 'home' | 'wallMs' | 'setClock' | 'moveClock' | 'setZone' | 'replaceLocaltime'> & {
    tap: AgentTap
    /** How long until the agent's status is as wanted, in milliseconds of the real clock. */
    msUntil(what: string, accept: (status: Status) => boolean, withinMs?: number): Promise<number>
    /** Ends the agent in order, and opens what it has delivered. */
    finish(): Promise<OpenedObjects>
  }

/** @param at what the clock shows at the beginning; now, unless said */
export async function openTimeLab(start: { zone: string; at?: string }): Promise<TimeLab> {
  await using undo = new AsyncDisposableStack()
  const computer = undo.use(await openTurnedComputer(start))
  const tap = await computer.startAgent()
  const answer = await tap.ask({ type: 'acknowledge', text_version: consentVersion })
  if (answer.type !== 'done') throw new Error('the agent does not take the consent')

  const cleanUp = undo.move()
  return {
    ...computer,
    tap,
    async msUntil(what, accept, withinMs = 10_000) {
      const begun = performance.now()
      await waitFor(what, async () => accept(await tap.status()), {
        withinMs,
        everyMs: 10,
        seen: async () => (await tap.status()).time,
      })
      return performance.now() - begun
    },
    async finish() {
      await computer.endAgent(tap, 'SIGTERM')
      await sleep(100)
      return openWithAge(computer.home.places.delivered, computer.home.places.identity)
    },
    [Symbol.asyncDispose]: () => cleanUp.disposeAsync(),
  }
}

export const noTimeLab = noTurnedComputer
