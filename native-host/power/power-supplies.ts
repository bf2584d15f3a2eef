/**
 * What Linux reports of one power supply: its `uevent` without POWER_SUPPLY_
 * (Documentation/ABI/testing/sysfs-class-power). Names of supplies mean nothing: BAT0, BATT, CMB1, macsmc-battery.
 */
export type PowerSupply = Readonly<Record<string, string>>

export type Battery = { percent: number; discharging: boolean }

/** `none`: this computer has no battery. `unreadable`: it has one without usable data. */
export type FoundBattery = 'none' | 'unreadable' | Battery

/**
 * All supplies that the computer can run on, as one: its batteries, and a connected UPS. Batteries of mice
 * and headsets do not count.
 */
export function batteryOf(supplies: readonly PowerSupply[]): FoundBattery {
  const own = supplies.filter(supply => supply.SCOPE !== 'Device')
  const stores = own.filter(supply => isStore(supply) && supply.PRESENT !== '0')
  if (stores.length === 0) return 'none'
  const charges = stores.map(chargeOf).filter(charge => charge !== undefined)
  // A UPS without usable data is no reason to call a desktop's battery unreadable.
  if (charges.length === 0) return stores.some(({ TYPE }) => TYPE === 'Battery') ? 'unreadable' : 'none'
  return { percent: percentOf(charges), discharging: isUnplugged(own, stores) }
}

function isStore({ TYPE }: PowerSupply): boolean {
  return TYPE === 'Battery' || TYPE === 'UPS'
}

/** `capacity` in µWh, or undefined when the battery does not report it. */
type Charge = { percent: number; capacity: number | undefined }

/** A battery twice as large counts twice; when one does not report its capacity, all count the same. */
function percentOf(charges: readonly Charge[]): number {
  const knowsAll = charges.every(({ capacity }) => capacity !== undefined)
  const weights = charges.map(({ capacity }) => (knowsAll ? (capacity ?? 0) : 1))
  const sum = weights.reduce((a, b) => a + b, 0)
  const weighted = charges.reduce((total, { percent }, index) => total + percent * (weights[index] ?? 0), 0)
  return Math.round(weighted / sum)
}

function chargeOf(battery: PowerSupply): Charge | undefined {
  const energyFull = numberIn(battery.ENERGY_FULL)
  const chargeFull = numberIn(battery.CHARGE_FULL)
  const volts = numberIn(battery.VOLTAGE_MIN_DESIGN) ?? numberIn(battery.VOLTAGE_NOW)
  const percent =
    numberIn(battery.CAPACITY) ??
    share(battery.ENERGY_NOW, energyFull) ??
    share(battery.CHARGE_NOW, chargeFull) ??
    levels[battery.CAPACITY_LEVEL ?? '']
  if (percent === undefined) return undefined
  const fromCharge = chargeFull !== undefined && volts !== undefined ? (chargeFull * volts) / 1e6 : undefined
  const capacity = [energyFull, fromCharge].find(value => value !== undefined && value > 0)
  return { percent: Math.min(100, Math.max(0, percent)), capacity }
}

/** Some batteries report only this level. In percent, as it is shown to the person. */
const levels: Partial<Record<string, number>> = { Critical: 3, Low: 10, Normal: 50, High: 80, Full: 100 }

function share(now: string | undefined, full: number | undefined): number | undefined {
  const value = numberIn(now)
  return value === undefined || full === undefined || full <= 0 ? undefined : (100 * value) / full
}

/**
 * Mains decide where they are reported; the status of a battery lags behind and stays "Full" or "Unknown". For any
 * other plug the batteries decide: a USB socket is `online` too while it charges a phone.
 */
function isUnplugged(own: readonly PowerSupply[], stores: readonly PowerSupply[]): boolean {
  // Mains behind a UPS stay on while it feeds them.
  if (stores.some(each => each.TYPE === 'UPS' && (each.STATUS === 'Discharging' || each.ONLINE === '0')))
    return true
  const plugs = own.filter(supply => !isStore(supply) && supply.ONLINE !== undefined)
  const feeding = plugs.filter(({ ONLINE, STATUS }) => ONLINE !== '0' && STATUS !== 'Discharging')
  if (feeding.some(({ TYPE }) => TYPE === 'Mains')) return false
  const says = (status: string) => stores.some(({ STATUS }) => STATUS === status)
  if (says('Charging')) return false
  if (says('Discharging')) return true
  return feeding.length === 0 && plugs.some(({ TYPE }) => TYPE === 'Mains')
}

/** The lines of a `uevent`; `type` is the file beside it, which older kernels do not repeat in it. */
export function parseSupply(uevent: string, type: string): PowerSupply {
  const lines = uevent.matchAll(/^POWER_SUPPLY_([A-Z0-9_]+)=(.*)$/gm)
  return {
    TYPE: type.trim(),
    ...Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value.trim()])),
  }
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined
}
