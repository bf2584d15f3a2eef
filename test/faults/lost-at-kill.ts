import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { consentVersion } from '../../protocol/consent.ts'
import type { JournalRecord } from '../../protocol/records.ts'
import { someKeycode } from '../support/hardware-input.ts'
import { brokenLinks, openWithAge, sumOfIntervals } from '../support/opened-objects.ts'
import { endProcess } from '../support/processes.ts'
import { type Stage, setStage, startAgent, untilStatus } from '../support/stage.ts'
import { waitFor } from '../support/wait-for.ts'
import type { Promised } from './promise.ts'

const kills = { fast: 1, full: 8 }
const keysEachS = 20
const intervalMs = 10_000
const mostLostS = 10

/** Somebody types without a pause; what is missing in the end is what came after the last interval that was stored. */
export const lostAtKill: Promised = {
  id: 'P3',
  promise: 'A killed agent loses ten seconds of counts at most, and the screenshot in hand',
  async run({ scale, say }) {
    const lostS: number[] = []
    const onTheirWay: number[] = []
    const freshMs: number[] = []
    const broken: string[] = []
    for (let kill = 0; kill < kills[scale]; kill++) {
      await using stage = await setStage({ without: 'host' })
      const { typed, killedAt, ms } = await typeUntilKilled(stage, kill)
      freshMs.push(ms)
      const { places } = stage.home
      const opened = await openWithAge(places.delivered, places.identity)
      broken.push(...brokenLinks(opened))
      const seconds = (killedAt - storedUntil(opened.records)) / 1000
      lostS.push(seconds)
      onTheirWay.push(typed - sumOfIntervals(opened.records).keys - keysEachS * seconds)
      say(`${seconds} s of typing lost`)
    }
    return {
      kind: 'measured',
      figures: [
        { what: 'lost', value: Math.max(...lostS), unit: 's of counts', atMost: mostLostS },
        {
          what: 'and what was on its way from the keyboard',
          value: Math.max(0, ...onTheirWay) / keysEachS,
          unit: 's of typing',
          atMost: 1,
        },
        { what: 'broken links', value: broken.length, atMost: 0 },
      ],
      faults: { 'agents killed while somebody types': lostS.length },
      freshMs,
      notes: ['Killed just before its interval would have been stored, which is the worst moment.'],
    }
  },
}

async function typeUntilKilled(
  stage: Stage,
  kill: number,
): Promise<{ typed: number; killedAt: number; ms: number }> {
  await startAgent(stage)
  let typed = 0
  let killedAt = 0
  {
    using tap = await stage.tap()
    await tap.ask({ type: 'acknowledge', text_version: consentVersion })
    const { agent } = await untilStatus(tap, 'input to be counted', ({ input }) => input.state === 'counting')
    // One interval that is stored, with something in it, and the next one up to a moment before its end; each kill
    // somewhat earlier.
    const stored = Math.ceil((Date.now() + 1000) / intervalMs) * intervalMs
    const killAt = stored + intervalMs - 400 - kill * 600
    const begun = Date.now()
    while (Date.now() < killAt) {
      stage.input.pressKey(someKeycode)
      typed++
      await sleep(Math.max(0, begun + (typed * 1000) / keysEachS - Date.now()))
    }
    await stage.input.flush()
    endProcess(agent.pid, 'SIGKILL')
    killedAt = Date.now()
    // While it is being taken down it has no command line any more, but its socket still takes connections.
    await waitFor('the agent to be gone', () => !existsSync(`/proc/${agent.pid}`))
  }
  const restarted = performance.now()
  // It seals what there is before it ends, the record of its own start included, and delivers for some seconds.
  do {
    await startAgent(stage)
    await stage.cli('stop')
    await waitFor('the agent to end', async () => (await stage.processes('agent')).length === 0)
  } while ((await readdir(stage.home.places.outbox)).length > 0)
  return { typed, killedAt, ms: performance.now() - restarted }
}

/** The end of the last interval before the kill: the agent that came after it counted nothing. */
function storedUntil(records: readonly JournalRecord[]): number {
  const ends = records.map(record =>
    record.kind === 'interval' && record.keys > 0 ? Date.parse(record.from) + record.length_ms : 0,
  )
  return Math.max(...ends)
}
