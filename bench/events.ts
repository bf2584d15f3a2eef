import { setTimeout as sleep } from 'node:timers/promises'
import { setStage, untilStatus } from '../test/support/stage.ts'
import type { Benchmark } from './figure.ts'
import { cpuMs, sum } from './process-cost.ts'
import { startTracking } from './tracking-agent.ts'

const presses = 2500
const moves = 5000

/** A busy quarter of an hour in some seconds: a press and its release are two events, a move is one. */
const events: Benchmark = {
  what: '10,000 hardware-like input events',
  async measure() {
    await using stage = await setStage()
    const { pids } = await startTracking(stage)
    const tap = await stage.tap()
    await sleep(1000)
    const before = await sum(pids, cpuMs)
    for (let press = 0; press < presses; press++) {
      stage.input.pressKey(38)
      for (let move = 0; move < moves / presses; move++) stage.input.moveTo(100 + (press % 800), 100 + move)
      // As a person does it, spread out: a burst would be cheaper for each event than life is.
      if (press % 50 === 0) await stage.input.flush().then(() => sleep(100))
    }
    await stage.input.flush()
    await untilStatus(tap, 'all events', status => status.today.keys >= presses)
    const used = (await sum(pids, cpuMs)) - before
    return [{ name: 'CPU for 10,000 events', value: used, unit: 'ms', limit: 200 }]
  },
}
export default events
