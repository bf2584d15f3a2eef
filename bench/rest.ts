import { setTimeout as sleep } from 'node:timers/promises'
import { startScenario } from '../test/support/scenario.ts'
import type { Benchmark } from './figure.ts'
import { cpuMs, residentMb, sum } from './process-cost.ts'
import { startTracking } from './tracking-agent.ts'

const spanMs = 60_000

/** Tracking without any input: what the tracker costs all day long. */
const rest: Benchmark = {
  what: 'the agent and its input hook, tracking, no input, for a minute',
  async measure() {
    await using stage = await startScenario()
    const { pids } = await startTracking(stage)
    await sleep(5000)
    const before = await sum(pids, cpuMs)
    await sleep(spanMs)
    const used = (await sum(pids, cpuMs)) - before
    return [
      { name: 'CPU at rest, of one core', value: (used / spanMs) * 100, unit: '%', limit: 0.5 },
      { name: 'memory of agent and input hook', value: await sum(pids, residentMb), unit: 'MB', limit: 160 },
    ]
  },
}
export default rest
