import { text } from 'node:stream/consumers'
import { describePower, type Supply } from '../support/power-supplies.ts'
import { mountsAreForbidden } from '../support/private-mount.ts'
import { type Computer, powerContract } from './power.ts'

const options = { skip: mountsAreForbidden() && 'no private mounts here' }
powerContract('the power of this system', computer => askOn(computer, 'systemPower.battery'), options)
powerContract('npm systeminformation', computer => askOn(computer, 'batteryByLibrary'), options)

async function askOn(computer: Computer, how: 'systemPower.battery' | 'batteryByLibrary'): Promise<unknown> {
  await using supplies = await describePower(suppliesOf(computer))
  const power = JSON.stringify(import.meta.resolve('../../native-host/adapters/power/system-power.ts'))
  const question = `
    import { batteryByLibrary, systemPower } from ${power}
    console.log(JSON.stringify({ answer: await ${how}() }))
  `
  const command = [process.execPath, '--input-type=module', '--eval', question]
  const asker = supplies.start(command, { stdio: ['ignore', 'pipe', 'inherit'] })
  return JSON.parse(asker.stdout === null ? '' : await text(asker.stdout)).answer
}

function suppliesOf({ battery, plugged }: Computer): Record<string, Supply> {
  const plug = { AC: { TYPE: 'Mains', ONLINE: plugged ? 1 : 0 } }
  if (!battery) return plug
  const { status, percent } = battery
  const full = 50_000_000
  const energy = { ENERGY_FULL: full, ENERGY_NOW: (full * percent) / 100 }
  return { ...plug, BAT0: { TYPE: 'Battery', PRESENT: 1, STATUS: status, CAPACITY: percent, ...energy } }
}
