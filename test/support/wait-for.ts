import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Longer than anything here takes on two cores that others keep busy: what waits for a condition costs only what the
 * condition costs, and a test that fails may take its time. Shorter only where the time is what is promised.
 */
const patienceMs = 30_000

type WaitOptions = {
  withinMs?: number
  everyMs?: number
  /** Waiting ends early once this is false: what is awaited cannot happen any more. */
  hope?: () => boolean
  /** For the message of the failure. */
  seen?: () => unknown
}

/**
 * Asks `probe` until it gives something other than undefined or false, and returns that.
 * The message of the failure says what was awaited and what was seen last, because in a journey through three
 * processes "timed out" alone says nothing.
 */
export async function waitFor<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  { withinMs = patienceMs, everyMs = 50, hope = () => true, seen }: WaitOptions = {},
): Promise<T> {
  const begun = performance.now()
  let problem: unknown
  for (;;) {
    try {
      const found = await probe()
      problem = undefined
      if (found !== undefined && found !== false) return found
    } catch (error) {
      problem = error
    }
    if (performance.now() - begun > withinMs || !hope()) break
    await sleep(everyMs)
  }
  const last = seen === undefined ? '' : `; last seen: ${JSON.stringify(await seen())}`
  const ms = Math.round(performance.now() - begun)
  throw new Error(`Not within ${ms} ms: ${what}${last}`, { cause: problem })
}
