import type { Power } from '../../ports.ts'

export const systemPower: Power = {
  async battery() {
    // Loaded at the first question, which a computer without tracking never asks.
    const { battery } = await import('systeminformation')
    const { hasBattery, percent, isCharging, acConnected } = await battery()
    if (!hasBattery) return undefined
    return { percent, discharging: !isCharging && !acConnected }
  },
}
