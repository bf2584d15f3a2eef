import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { countsIn } from '../../native-host/input/input-window.ts'
import { consentVersion } from '../../protocol/consent.ts'
import type { Counts, JournalRecord } from '../../protocol/records.ts'
import type { AgentTap } from '../support/agent-tap.ts'
import { someKeycode } from '../support/hardware-input.ts'
import { brokenLinks, openWithAge, sumOfIntervals } from '../support/opened-objects.ts'
import { endProcess } from '../support/processes.ts'
import { type Stage, startAgent, startScenario, untilCounting } from '../support/scenario.ts'
import { waitFor } from '../support/wait-for.ts'
import type { Promised } from './promise.ts'

const kills = { fast: 4, full: 40 }
const keysEachS = 20
/** How late a timer is on a computer that has nothing else to do. */
const timerMs = 2
/** Longer than an interval, so that some die right after one was stored. */
const longestLifeMs = 11_000
/** An X server on which no window hears a key holds the first 31 events until there are more. */
const shortestLifeMs = 2000
/** The hook hands over what it has read this often, and it takes a moment until that is kept. */
const mostLostS = 0.5

/**
 * A person types without a pause while the tracker is killed again and again, each time at another moment.
 * Everything that a status ever showed has to be there in the first status of the next.
 */
export const lostAtKill: Promised = {
  id: 'P3',
  promise:
    'A killed agent loses half a second of counts at most, nothing that it had shown, and the screenshot in hand',
  async run({ scale, say }) {
    await using stage = await startScenario({ without: 'host' })
    const lives: Life[] = []
    for (let kill = 0; kill < kills[scale]; kill++) {
      // One after another through the whole span, and within its share of it at random.
      const lifeMs = shortestLifeMs + (longestLifeMs * (kill + Math.random())) / kills[scale]
      lives.push(await typeUntilKilled(stage, lifeMs, lives.at(-1)?.shown))
      say(`killed after ${Math.round(lifeMs)} ms`)
    }
    const restarted = performance.now()
    const { shown } = await firstStatus(stage, lives.at(-1)?.shown)
    await deliverAll(stage)
    const freshMs = performance.now() - restarted
    const { places } = stage.home
    const opened = await openWithAge(places.delivered, places.identity)
    const typed = lives.reduce((sum, life) => sum + life.typed, 0)
    const stored = sumOfIntervals(opened.records).keys
    // A computer that wakes the typist too late wakes the hook too late.
    const lostS = lives.map(
      ({ killedAt, lateMs }) => (killedAt - lateMs - countedUntil(opened.records, killedAt)) / 1000,
    )
    const lostKeys = (typed - stored) / lives.length
    return {
      kind: 'measured',
      figures: [
        { what: 'lost', value: Math.max(...lostS), unit: 's of counts', atMost: mostLostS },
        {
          what: 'on average, with what was on its way from the keyboard',
          value: lostKeys / keysEachS,
          unit: 's of typing',
          atMost: mostLostS,
        },
        {
          what: 'totals that fell',
          value: lives.filter(life => life.fell).length + (shown.fell ? 1 : 0),
          atMost: 0,
        },
        { what: 'key presses counted twice', value: Math.max(0, stored - typed), atMost: 0 },
        { what: 'broken links', value: brokenLinks(opened).length, atMost: 0 },
      ],
      faults: { 'agents killed while a person types': lives.length },
      freshMs: [freshMs],
      notes: [
        'Killed at moments that are spread over an interval, less what the timers of this computer were late by just then: ' +
          `${Math.round(Math.max(...lives.map(({ lateMs }) => lateMs)))} ms at most.`,
        'A power cut may take ten seconds.',
      ],
    }
  },
}

type Shown = Counts & { fell: boolean }
type Life = { typed: number; killedAt: number; lateMs: number; shown: Shown; fell: boolean }

async function typeUntilKilled(stage: Stage, lifeMs: number, before: Shown | undefined): Promise<Life> {
  const { tap, shown: first } = await firstStatus(stage, before)
  using _tap = tap
  await tap.ask({ type: 'acknowledge', text_version: consentVersion })
  const { agent } = await untilCounting(tap)
  const begun = Date.now()
  let typed = 0
  const late: number[] = []
  while (Date.now() < begun + lifeMs) {
    stage.input.pressKey(someKeycode)
    typed++
    if (typed % keysEachS === 0) {
      stage.input.click()
      stage.input.moveTo(typed % 300, (7 * typed) % 200)
    }
    const due = begun + (typed * 1000) / keysEachS
    await sleep(Math.max(0, due - Date.now()))
    late.push(Math.max(0, Date.now() - due - timerMs))
  }
  await stage.input.flush()
  endProcess(agent.pid, 'SIGKILL')
  const killedAt = Date.now()
  // While it is being taken down it has no command line any more, but its socket still takes connections.
  await waitFor('the agent to be gone', () => tap.ended() && !existsSync(`/proc/${agent.pid}`))
  const last = countsIn((await tap.status()).today)
  return {
    typed,
    killedAt,
    lateMs: Math.max(...late.slice(-keysEachS)),
    shown: { ...last, fell: false },
    fell: first.fell,
  }
}

/** Of the agent that comes next, and whether it shows less than the one before it did. */
async function firstStatus(
  stage: Stage,
  before: Shown | undefined,
): Promise<{ tap: AgentTap; shown: Shown }> {
  await startAgent(stage)
  const tap = await stage.tap()
  const shown = countsIn((await tap.status()).today)
  const names = ['keys', 'clicks', 'wheel', 'distance_px', 'active_seconds'] as const
  const fell = before !== undefined && names.some(name => shown[name] < before[name])
  return { tap, shown: { ...shown, fell } }
}

/** It seals what there is before it ends, the record of its own start included, and delivers for some seconds. */
async function deliverAll(stage: Stage): Promise<void> {
  do {
    await startAgent(stage)
    await stage.cli('stop')
    await waitFor('the agent to end', async () => (await stage.processes('agent')).length === 0)
  } while ((await readdir(stage.home.places.outbox)).length > 0)
}

/** The end of the last interval that began before the kill. */
function countedUntil(records: readonly JournalRecord[], killedAt: number): number {
  const ends = records.map(record =>
    record.kind === 'interval' && Date.parse(record.from) < killedAt
      ? Date.parse(record.from) + record.length_ms
      : 0,
  )
  return Math.max(...ends)
}
