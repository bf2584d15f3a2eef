import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** What starting a program takes on two cores that have nothing else to do. */
const startMs = 60
const starts = 5
/** However busy the computer is, what is promised in two seconds is no more than twenty. */
const mostSlowness = 10

/**
 * A promise of time is made for a computer that has time. On one that others keep busy it may take longer by as much as
 * starting a program does at the moment; that is measured only when the promise itself was missed.
 */
export async function assertWithin(promisedMs: number, tookMs: number): Promise<void> {
  if (tookMs <= promisedMs) return
  const slowness = await measureSlowness()
  const said = `${Math.round(tookMs)} ms, promised are ${promisedMs} on a computer ${slowness.toFixed(1)} times as fast`
  assert.ok(tookMs <= promisedMs * slowness, said)
}

async function measureSlowness(): Promise<number> {
  const begun = performance.now()
  for (let start = 0; start < starts; start++)
    await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit')
  const slowness = (performance.now() - begun) / starts / startMs
  return Math.min(mostSlowness, Math.max(1, slowness))
}
