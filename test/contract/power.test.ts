import { execFile, execFileSync } from 'node:child_process'
import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Computer, powerContract } from './power.ts'

/** Where Linux describes batteries. A private mount shows another description to one process and to no other. */
const described = '/sys/class/power_supply'
const privateMounts = ['--map-root-user', '--mount', '--propagation', 'private']

powerContract('the power of this system', askOn, { skip: mountsAreForbidden() && 'no private mounts here' })

async function askOn(computer: Computer): Promise<unknown> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'power-'))
  await describe(computer, folder.path)
  const power = JSON.stringify(import.meta.resolve('../../native-host/adapters/system/power.ts'))
  const question = `
    import { systemPower } from ${power}
    console.log(JSON.stringify({ answer: await systemPower.battery() }))
  `
  const mounted = 'mount --bind "$0" "$1" && shift && exec "$@"'
  const asker = [process.execPath, '--input-type=module', '--eval', question]
  const { stdout } = await promisify(execFile)('unshare', [
    ...privateMounts,
    'sh',
    '-c',
    mounted,
    folder.path,
    described,
    ...asker,
  ])
  return JSON.parse(stdout).answer
}

async function describe({ battery, plugged }: Computer, folder: string): Promise<void> {
  await mkdir(join(folder, 'AC'))
  await writeFile(join(folder, 'AC', 'online'), plugged ? '1\n' : '0\n')
  if (!battery) return
  const energyFull = 50_000_000
  const facts = {
    NAME: 'BAT0',
    STATUS: battery.status,
    PRESENT: 1,
    VOLTAGE_MIN_DESIGN: 11_400_000,
    VOLTAGE_NOW: 12_000_000,
    ENERGY_FULL_DESIGN: energyFull,
    ENERGY_FULL: energyFull,
    ENERGY_NOW: (energyFull * battery.percent) / 100,
    CAPACITY: battery.percent,
  }
  const lines = Object.entries(facts).map(([name, value]) => `POWER_SUPPLY_${name}=${value}\n`)
  await mkdir(join(folder, 'BAT0'))
  await writeFile(join(folder, 'BAT0', 'uevent'), lines.join(''))
}

function mountsAreForbidden(): boolean {
  try {
    execFileSync('unshare', [...privateMounts, 'test', '-d', described], { stdio: 'ignore' })
    return false
  } catch {
    return true
  }
}
