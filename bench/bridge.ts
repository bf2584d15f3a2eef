import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { leanNodeFlags } from '../native-host/adapters/socket/launch-agent.ts'
import { builtProgram } from '../test/support/built-program.ts'
import { startAgent, startScenario } from '../test/support/scenario.ts'
import { type Benchmark, median } from './figure.ts'
import { residentMb } from './process-cost.ts'

/** The bundle, as a browser starts it. */
const bridge: Benchmark = {
  what: 'the bridge, as a browser starts it',
  async measure() {
    await using stage = await startScenario()
    await startAgent(stage)
    const startMs: number[] = []
    const resident: number[] = []
    for (let run = 0; run < 5; run++) {
      const begun = performance.now()
      const child = spawn(process.execPath, [...leanNodeFlags, builtProgram('bridge')], {
        env: stage.env,
        stdio: ['pipe', 'pipe', 'ignore'],
      })
      await once(child.stdout, 'data')
      startMs.push(performance.now() - begun)
      await sleep(500)
      if (child.pid !== undefined) resident.push(await residentMb(child.pid))
      child.stdin.end()
      await once(child, 'exit')
    }
    return [
      { name: 'memory of a bridge', value: median(resident), unit: 'MB', limit: 60 },
      { name: 'bridge started until the agent has answered', value: median(startMs), unit: 'ms' },
    ]
  },
}
export default bridge
