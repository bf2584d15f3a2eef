import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { tapAgent } from '../support/agent-tap.ts'
import { builtProgram } from '../support/built-program.ts'
import { endProcess } from '../support/processes.ts'
import { createTrackerHome, type TrackerHome } from '../support/tracker-home.ts'
import { waitFor } from '../support/wait-for.ts'
import type { Promised } from './promise.ts'
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.ts'

const rounds = { fast: 2, full: 100 }
const starts = { fast: 20, full: 100 }
const takeovers = { fast: 1, full: 10 }
const takeoverWithinMs = 2000

const contender = join(import.meta.dirname, '../contract/lock-holder.ts')

/**
 * Many processes that wait at the line and start at once, again and again; then real agents, of which the one
 * that works is killed and another has to answer in its place.
 */
export const oneOfMany: Promised = {
  id: 'P12',
  promise: 'Of a hundred trackers that start at once exactly one works, and after kill -9 the next does',
  async run({ scale, say }) {
    const winners: number[] = []
    const folder = await makeTemporaryFolder()
    for (let round = 0; round < rounds[scale]; round++) {
      winners.push(await raceForLock(join(folder, `${round}`, 'lock.db'), starts[scale]))
      if (round % 10 === 0) say(`round ${round + 1}: ${winners.at(-1)} of ${starts[scale]} hold the lock`)
    }
    await removeTemporaryFolder(folder)
    const agents = await raceOfAgents(scale === 'fast' ? 5 : 30)
    say(`${agents.working} of ${agents.started} agents work`)
    const tookMs: number[] = []
    await using home = await createTrackerHome()
    let holder = await startAgent(home)
    for (let kill = 0; kill < takeovers[scale]; kill++) {
      endProcess(holder, 'SIGKILL')
      await waitFor('the killed one to be gone', () => !existsSync(`/proc/${holder}`), { everyMs: 2 })
      const gone = performance.now()
      holder = await startAgent(home)
      tookMs.push(performance.now() - gone)
    }
    say(`takeover in ${Math.max(...tookMs).toFixed(0)} ms at most`)
    return {
      kind: 'measured',
      figures: [
        { what: 'the fewest winners of a round', value: Math.min(...winners), atLeast: 1 },
        { what: 'the most', value: Math.max(...winners), unit: 'of a round', atMost: 1 },
        {
          what: 'agents that work',
          value: agents.working,
          unit: `of ${agents.started}`,
          atMost: 1,
          atLeast: 1,
        },
        { what: 'the slowest takeover', value: Math.max(...tookMs), unit: 'ms', atMost: takeoverWithinMs },
      ],
      faults: {
        [`rounds of ${starts[scale]} starts`]: winners.length,
        'agents started at once': agents.started,
        'agents killed': tookMs.length,
      },
      freshMs: tookMs,
      notes: ['A takeover is from the death of one agent until another says its status, its start included.'],
    }
  },
}

/** How many of them got the lock. */
async function raceForLock(path: string, count: number): Promise<number> {
  const runners: ChildProcess[] = []
  try {
    const atTheLine = await Promise.all(
      Array.from({ length: count }, async () => {
        const runner = spawn(process.execPath, ['--no-warnings', contender, path], {
          stdio: ['pipe', 'pipe', 'inherit'],
        })
        runners.push(runner)
        const lines = createInterface({ input: runner.stdout })[Symbol.asyncIterator]()
        await lines.next()
        return { runner, lines }
      }),
    )
    for (const { runner } of atTheLine) runner.stdin.write('\n')
    const answers = await Promise.all(atTheLine.map(async ({ lines }) => (await lines.next()).value))
    const failed = answers.filter(answer => answer !== 'held' && answer !== 'busy')
    if (failed.length > 0) throw new Error(`a start ended with ${failed[0]}`)
    return answers.filter(answer => answer === 'held').length
  } finally {
    for (const runner of runners) runner.kill('SIGKILL')
    await Promise.all(runners.map(runner => runner.exitCode ?? runner.signalCode ?? once(runner, 'exit')))
  }
}

async function raceOfAgents(count: number): Promise<{ started: number; working: number }> {
  await using home = await createTrackerHome()
  const agents = Array.from({ length: count }, () => spawnAgent(home))
  await waitFor('all but one to give way', () => agents.filter(isRunning).length <= 1, { withinMs: 120_000 })
  using tap = await tapAgent(home.places)
  const { pid } = (await tap.status()).agent
  return { started: count, working: agents.filter(agent => isRunning(agent) && agent.pid === pid).length }
}

/** Resolves with its process once it says its status. */
async function startAgent(home: TrackerHome): Promise<number> {
  const { pid } = spawnAgent(home)
  await waitFor(
    'the agent to answer',
    async () => {
      using tap = await tapAgent(home.places)
      return (await tap.status()).agent.pid === pid
    },
    { everyMs: 10 },
  )
  return Number(pid)
}

function spawnAgent(home: TrackerHome): ChildProcess {
  return spawn(process.execPath, ['--no-warnings', builtProgram('agent'), '--lifetime=stay'], {
    stdio: 'ignore',
    env: home.env,
  })
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null
}
