import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as v from 'valibot'
import type { Gap } from '../../native-host/timeline/gaps.ts'
import { describeGap } from '../../protocol/gap-words.ts'
import { builtProgram } from '../support/built-program.ts'
import { openWithAge } from '../support/opened-objects.ts'
import { mountsAreForbidden, startWithMount } from '../support/private-mount.ts'
import { endProcess } from '../support/processes.ts'
import {
  type Stage,
  startAgent,
  startScenario,
  startTracking,
  untilCounting,
  untilStatus,
} from '../support/scenario.ts'
import { mountSmallDisk } from '../support/small-disk.ts'
import { startVirtualDisplay } from '../support/virtual-display.ts'
import { waitFor } from '../support/wait-for.ts'
import { type Condition, type ConditionGroup, expect, NotHere } from './condition.ts'

/** What lasts shorter is within the tolerance between two intervals. */
const aWhileMs = 2500

const verified = v.object({
  found: v.number(),
  devices: v.tuple([
    v.object({
      records: v.number(),
      gaps: v.array(
        v.object({ from: v.string(), to: v.string(), cause: v.string(), detail: v.optional(v.string()) }),
      ),
    }),
  ]),
})

/** Ends the tracker, and tells the gaps in what it delivered by their causes. */
async function gapsOf(stage: Stage): Promise<string[]> {
  await must(stage, 'stop')
  const { delivered, identity } = stage.home.places
  const { stdout } = await must(stage, 'verify', delivered, '--identity', identity, '--json')
  const { found, devices } = v.parse(verified, JSON.parse(stdout))
  expect(found === 0, 'the chain is broken')
  // The schema says less of a cause than the type does.
  return devices[0].gaps.map(gap => describeGap(gap as Gap))
}

async function must(stage: Stage, ...words: string[]) {
  const result = await stage.cli(...words)
  expect(result.exit === 0, `${words.join(' ')}: ${result.stderr}`)
  return result
}

/** A tracker with consent, an event that happens to it, and the gaps that its records then show. */
function lives(
  what: string,
  speed: Condition['speed'],
  causes: readonly string[],
  act: (stage: Stage) => Promise<string | undefined>,
): Condition {
  return {
    what,
    speed,
    async run() {
      await using stage = await startScenario({ without: 'host' })
      const tap = await startTracking(stage)
      tap[Symbol.dispose]()
      const more = await act(stage)
      const found = await gapsOf(stage)
      // On a busy computer a start takes enough time to be a gap of its own, and is reported as one.
      const expected = found.filter(gap => gap !== 'the tracker was starting' || causes.includes(gap))
      expect(expected.join() === causes.join(), found.join(', ') || 'no gap at all')
      return [found.join(', '), more].filter(Boolean).join('; ')
    },
  }
}

async function killAgent(stage: Stage): Promise<void> {
  const [agent] = await stage.processes('agent')
  if (!agent) throw new Error('no agent')
  endProcess(agent.pid, 'SIGKILL')
  await waitFor('the agent to be gone', async () => (await stage.processes('agent')).length === 0)
}

async function statusNow(stage: Stage) {
  const tap = await stage.tap()
  const status = await tap.status()
  tap[Symbol.dispose]()
  return status
}

const killed = 'the tracker was forced to stop'

export const gaps: ConditionGroup = {
  name: 'gaps',
  conditions: [
    lives('the person pauses for a while', 'fast', ['paused by command line'], async stage => {
      await must(stage, 'pause')
      await sleep(aWhileMs)
      await must(stage, 'resume')
    }),
    lives('the tracker is killed and comes back', 'fast', [killed], async stage => {
      await must(stage, 'screenshot')
      const before = await statusNow(stage)
      await killAgent(stage)
      await sleep(aWhileMs)
      await startAgent(stage)
      const { today, screenshots, agent } = await statusNow(stage)
      expect(screenshots.last === before.screenshots.last, `the last screenshot was ${screenshots.last}`)
      expect(agent.device === before.agent.device, 'it is another device now')
      expect(today.date === before.today.date, 'another day')
      const left = Date.parse(screenshots.next ?? '') - Date.parse(before.screenshots.next ?? '')
      expect(Math.abs(left) < 1500, `the next screenshot moved by ${left} ms`)
      return `the next screenshot is due when it was (${left} ms)`
    }),
    lives(
      'it is killed while paused for 3 s, and comes back after 6',
      'slow',
      ['paused by command line', killed],
      async stage => {
        const tap = await stage.tap()
        const presses = stage.input.typeText('journal')
        await untilStatus(tap, 'the keys to be counted', ({ today }) => today.keys === presses)
        await tap.ask({ type: 'pause', until: new Date(Date.now() + 3000).toISOString() })
        tap[Symbol.dispose]()
        await killAgent(stage)
        await sleep(6000)
        await startAgent(stage)
        await untilItCounts(stage)
        const { state, today } = await statusNow(stage)
        expect(state.kind !== 'paused', 'it is still paused')
        expect(today.keys === presses, `${today.keys} of ${presses} keys are known`)
        return `then ${state.kind}, with all ${presses} keys of the day`
      },
    ),
    lives(
      'it is asked to end, and started again',
      'slow',
      ['the tracker was not running (it was asked to stop)'],
      async stage => {
        await must(stage, 'stop')
        await sleep(aWhileMs)
        await startAgent(stage)
        await untilItCounts(stage)
      },
    ),
    lives('the computer is shut down and started', 'slow', ['the computer was off'], async stage => {
      if (mountsAreForbidden()) throw new NotHere('no private mounts here')
      const [agent] = await stage.processes('agent')
      if (agent) endProcess(agent.pid, 'SIGTERM')
      await waitFor('the agent to be gone', async () => (await stage.processes('agent')).length === 0)
      await sleep(aWhileMs)
      const source = join(stage.home.root, 'boot_id')
      await writeFile(source, '00000000-0000-4000-8000-000000000000\n')
      const target = '/proc/sys/kernel/random/boot_id'
      const command = [process.execPath, '--no-warnings', builtProgram('agent'), '--lifetime=stay']
      startWithMount({ source, target }, command, { env: stage.env, stdio: 'ignore' })
      await untilItCounts(stage)
    }),
    {
      what: 'the display goes',
      speed: 'slow',
      async run() {
        await using stage = await startScenario({ without: 'host' })
        await using display = await startVirtualDisplay()
        stage.env.DISPLAY = display.display
        const tap = await startTracking(stage)
        await display.stop()
        await untilStatus(tap, 'the loss to be said', ({ input }) => input.state === 'unavailable', 20_000)
        await sleep(aWhileMs)
        tap[Symbol.dispose]()
        const found = await gapsOf(stage)
        const seen = found.join(', ')
        expect(
          found.length > 0 && found.every(gap => gap.startsWith('input could not be counted')),
          seen || 'no gap',
        )
        return seen
      },
    },
    {
      what: 'the disk is full, and has room again',
      speed: 'slow',
      async run() {
        const folder = await mkdtemp(join(tmpdir(), 'at-gaps-'))
        await using disk = await mountSmallDisk(folder, 24 * 1024 * 1024)
        if (!disk) await rm(folder, { recursive: true })
        if (!disk) throw new NotHere('nothing can be mounted here')
        await using stage = await startScenario({ without: 'host', tracker: join(folder, 'tracker') })
        const tap = await startTracking(stage)
        await must(stage, 'settings', 'set', 'screenshots', 'false')
        await disk.fill()
        await untilStatus(tap, 'the full disk to be said', ({ state }) => state.kind === 'blocked', 25_000)
        await sleep(12_000)
        await disk.free()
        await untilStatus(tap, 'tracking', ({ state }) => state.kind === 'tracking', 30_000)
        tap[Symbol.dispose]()
        const found = await gapsOf(stage)
        expect(found.length === 0, found.join(', '))
        const { delivered, identity } = stage.home.places
        const { records } = await openWithAge(delivered, identity)
        const gap = records.find(record => record.kind === 'gap')
        expect(gap?.cause === 'disk-full', 'nothing is said of it')
        const seconds = gap ? Math.round((Date.parse(gap.to) - Date.parse(gap.from)) / 1000) : 0
        return `${seconds} s of ${gap?.cause} (${gap?.detail}) are named, and all of their counts followed`
      },
    },
  ],
}

async function untilItCounts(stage: Stage): Promise<void> {
  const tap = await stage.tap()
  await untilCounting(tap)
  tap[Symbol.dispose]()
}
