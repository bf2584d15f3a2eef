import { text } from 'node:stream/consumers'
import { describePower, mountsAreForbidden, type Supply } from '../support/power-supplies.ts'
import { type Condition, type ConditionGroup, expect, NotHere } from './condition.ts'

const adapter = JSON.stringify(import.meta.resolve('../../native-host/adapters/system/power.ts'))
const question = `
  import { systemPower } from ${adapter}
  console.log(JSON.stringify({ battery: await systemPower.battery() }))
`

const mains = { TYPE: 'Mains', ONLINE: 0 }
const running: Supply = { TYPE: 'Battery', STATUS: 'Discharging', PRESENT: 1, CAPACITY: 15 }

/** What the tracker reads of a computer with these power supplies. */
function reads(what: string, supplies: Record<string, Supply>, battery: object | undefined): Condition {
  return {
    what,
    speed: 'fast',
    async run() {
      if (mountsAreForbidden()) throw new NotHere('no private mounts here')
      await using power = await describePower(supplies)
      const command = [process.execPath, '--input-type=module', '--eval', question]
      const asker = power.start(command, { stdio: ['ignore', 'pipe', 'inherit'] })
      const answer = asker.stdout === null ? '' : (await text(asker.stdout)).trim()
      expect(answer === JSON.stringify({ battery }), answer)
      return battery === undefined ? 'no battery' : JSON.stringify(battery)
    },
  }
}

export const power: ConditionGroup = {
  name: 'power',
  conditions: [
    reads('a desktop has no battery', { AC: { ...mains, ONLINE: 1 } }, undefined),
    reads(
      'a laptop runs down',
      { AC: mains, BAT0: { ...running, ENERGY_FULL: 50_000_000, ENERGY_NOW: 7_500_000 } },
      { percent: 15, discharging: true },
    ),
  ],
}
