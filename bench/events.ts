import { setTimeout as sleep } from 'node:timers/promises'
import { type HardwareInput, someKeycode } from '../test/support/hardware-input.ts'
import { startScenario } from '../test/support/scenario.ts'
import type { Benchmark, Figure } from './figure.ts'
import { startPynput } from './peer-pynput.ts'
import { cpuMs, sum } from './process-cost.ts'
import { startTracking } from './tracking-agent.ts'

const eventsPerFigure = 10_000
/** Spread out as a person does it: a burst would be cheaper for each event than life is. */
const eventsPerSpell = 100

/** Of 10,000 events of any kind: a promise for one mix only would be none. */
const limitMs = 200

/** Work is mostly pointing: a mouse reports 60 to 125 moves a second, and fast typing is 20 events a second. */
const mixes: readonly { name: string; keyShare: number; times: number }[] = [
  // Once in the life of a tracker: a third of it is V8 that compiles what it sees used.
  { name: 'the first 10,000 events since its start', keyShare: 0.1, times: 1 },
  // A day has some hundred thousand.
  { name: '10,000 events, nine of ten of them moves', keyShare: 0.1, times: 3 },
  { name: '10,000 events of keys alone', keyShare: 1, times: 3 },
]

/** What counting costs while a person works, with a peer listening to the very same events. */
const events: Benchmark = {
  what: 'hardware-like input, 70,000 events',
  async measure() {
    await using stage = await startScenario()
    const { pids } = await startTracking(stage)
    using peer = await startPynput(stage.env)
    await sleep(1000)
    const figures: Figure[] = []
    for (const { name, keyShare, times } of mixes) {
      const before = await bothCpuMs()
      const count = await work(stage.input, keyShare, times * eventsPerFigure)
      // The last batch is up to half a second on its way.
      await sleep(750)
      const after = await bothCpuMs()
      const [ours, theirs] = [0, 1].map(
        who => (((after[who] ?? 0) - (before[who] ?? 0)) / count) * eventsPerFigure,
      )
      figures.push({ name: `CPU for ${name}`, value: ours ?? 0, unit: 'ms', limit: limitMs })
      if (peer) figures.push({ name: '  the same by pynput', value: theirs ?? 0, unit: 'ms', of: ours ?? 0 })
    }
    return figures

    async function bothCpuMs(): Promise<number[]> {
      return [await sum(pids, cpuMs), await sum(peer ? [peer.pid] : [], cpuMs)]
    }
  },
}
export default events

/** Returns how many events it were. */
async function work(input: HardwareInput, keyShare: number, atLeast: number): Promise<number> {
  let count = 0
  for (let spell = 0; count < atLeast; spell++) {
    const end = count + eventsPerSpell
    for (let key = 0; key < (eventsPerSpell * keyShare) / 2; key++) {
      input.pressKey(someKeycode)
      count += 2
    }
    for (let move = 0; count < end; move++)
      count += input.moveTo(100 + ((spell + move) % 800), 100 + (move % 2))
    await input.flush()
    await sleep(100)
  }
  return count
}
