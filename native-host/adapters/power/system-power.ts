import { join } from 'node:path'
import { AppError } from '../../../protocol/errors.ts'
import { budgets } from '../../kernel/budgets.ts'
import { namesWithin, readKernelFile } from '../../platform/files/read-within.ts'
import { boundPrograms } from '../../platform/process/bound-programs.ts'
import type { Power } from '../../power/ports.ts'
import { batteryOf, type PowerSupply, parseSupply } from '../../power/power-supplies.ts'

export const systemPower: Power = {
  async battery() {
    return process.platform === 'linux' ? batteryOfLinux() : batteryByLibrary()
  },
}

const described = '/sys/class/power_supply'

async function batteryOfLinux() {
  const found = batteryOf(readSupplies())
  if (found === 'unreadable') throw new AppError('BATTERY_UNREADABLE')
  return found === 'none' ? undefined : found
}

function readSupplies(): PowerSupply[] {
  try {
    return Array.from(namesWithin(described), name =>
      parseSupply(textOf(name, 'uevent'), textOf(name, 'type')),
    )
  } catch (error) {
    // A kernel that knows no power supplies at all.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw new AppError('BATTERY_UNREADABLE', { cause: error })
  }
}

function textOf(supply: string, file: string): string {
  try {
    return readKernelFile(join(described, supply, file))
  } catch {
    return ''
  }
}

/**
 * npm systeminformation, for the other systems. Of Linux it reads BAT1 or BAT0 and nothing beside it: right for most
 * laptops, which is what its test here shows, and not for two batteries, a UPS or a plug of another name.
 */
export async function batteryByLibrary() {
  // Loaded at the first question, which a computer without tracking never asks.
  boundPrograms(budgets.toolOutput.most)
  const { battery } = await import('systeminformation')
  const { hasBattery, percent, isCharging, acConnected, maxCapacity } = await battery()
  if (!hasBattery) return undefined
  // What it does not find it calls 0.
  if (!Number.isFinite(percent) || (percent === 0 && !maxCapacity)) throw new AppError('BATTERY_UNREADABLE')
  return { percent, discharging: !isCharging && !acConnected }
}
