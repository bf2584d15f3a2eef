import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../protocol/errors.ts'
import { readKernelFile } from '../../platform/files/read-within.ts'
import type { Power } from '../../power/ports.ts'
import { batteryOf, type PowerSupply, parseSupply } from '../../power/power-supplies.ts'

export const systemPower: Power = {
  async battery() {
    return process.platform === 'linux' ? batteryOfLinux() : batteryByLibrary()
  },
}

const described = '/sys/class/power_supply'

async function batteryOfLinux() {
  const found = batteryOf(await readSupplies())
  if (found === 'unreadable') throw new AppError('BATTERY_UNREADABLE')
  return found === 'none' ? undefined : found
}

async function readSupplies(): Promise<PowerSupply[]> {
  try {
    const names = await readdir(described)
    return names.map(name => parseSupply(textOf(name, 'uevent'), textOf(name, 'type')))
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
  const { battery } = await import('systeminformation')
  const { hasBattery, percent, isCharging, acConnected, maxCapacity } = await battery()
  if (!hasBattery) return undefined
  // What it does not find it calls 0.
  if (!Number.isFinite(percent) || (percent === 0 && !maxCapacity)) throw new AppError('BATTERY_UNREADABLE')
  return { percent, discharging: !isCharging && !acConnected }
}
