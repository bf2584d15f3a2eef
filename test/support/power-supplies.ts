import type { ChildProcess, SpawnOptions } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startWithMount } from './private-mount.ts'

/**
 * What Linux says of one power supply: the names of its `uevent` without POWER_SUPPLY_, each also a file of its own
 * in lower case (Documentation/ABI/testing/sysfs-class-power).
 */
export type Supply = Record<string, string | number>

/** Where Linux describes batteries. */
const described = '/sys/class/power_supply'

export type PowerSupplies = AsyncDisposable & {
  /** Replaces what is described, also while programs run. */
  describe(supplies: Record<string, Supply>): Promise<void>
  /** Starts a program that sees these power supplies and no others. */
  start(command: readonly string[], options: SpawnOptions): ChildProcess
}

export async function describePower(supplies: Record<string, Supply>): Promise<PowerSupplies> {
  const folder = await mkdtemp(join(tmpdir(), 'at-power-'))
  const known = new Set<string>()
  const supplying = {
    async describe(next: Record<string, Supply>) {
      for (const name of known) if (!(name in next)) await rm(join(folder, name), { recursive: true })
      known.clear()
      for (const [name, facts] of Object.entries(next)) {
        known.add(name)
        await mkdir(join(folder, name), { recursive: true })
        const lines = Object.entries({ NAME: name, ...facts })
        const uevent = lines.map(([key, value]) => `POWER_SUPPLY_${key}=${value}\n`).join('')
        await writeFile(join(folder, name, 'uevent'), uevent)
        for (const [key, value] of lines) await writeFile(join(folder, name, key.toLowerCase()), `${value}\n`)
      }
    },
  }
  await supplying.describe(supplies)
  return {
    ...supplying,
    start: (command, options) => startWithMount({ source: folder, target: described }, command, options),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}
