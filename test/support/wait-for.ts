import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Asks `probe` until it gives something other than undefined or false, and returns that.
 * The message of the failure says what was awaited and what was seen last, because in a journey through three
 * processes "timed out" alone says nothing.
 */
export async function waitFor<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  {
    withinMs = 10_000,
    everyMs = 50,
    seen,
  }: { withinMs?: number; everyMs?: number; seen?: () => unknown } = {},
): Promise<T> {
  const deadline = performance.now() + withinMs
  let problem: unknown
  for (;;) {
    try {
      const found = await probe()
      problem = undefined
      if (found !== undefined && found !== false) return found
    } catch (error) {
      problem = error
    }
    if (performance.now() > deadline) break
    await sleep(everyMs)
  }
  const last = seen === undefined ? '' : `; last seen: ${JSON.stringify(await seen())}`
  throw new Error(`Not within ${withinMs} ms: ${what}${last}`, { cause: problem })
}
