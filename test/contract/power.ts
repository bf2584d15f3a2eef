import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Power } from '../../native-host/power/ports.ts'

/** A computer, as the system describes it. */
export type Computer = { battery?: { status: BatteryStatus; percent: number }; plugged: boolean }
/** The words of Linux, see Documentation/ABI/testing/sysfs-class-power. */
export type BatteryStatus = 'Charging' | 'Discharging' | 'Not charging' | 'Full'

const rows: [what: string, computer: Computer, answer: Awaited<ReturnType<Power['battery']>>][] = [
  ['a computer without a battery', { plugged: true }, undefined],
  [
    'a battery that is used up',
    { battery: { status: 'Discharging', percent: 15 }, plugged: false },
    { percent: 15, discharging: true },
  ],
  [
    'a battery that charges',
    { battery: { status: 'Charging', percent: 15 }, plugged: true },
    { percent: 15, discharging: false },
  ],
  [
    'a full battery',
    { battery: { status: 'Full', percent: 100 }, plugged: true },
    { percent: 100, discharging: false },
  ],
  [
    'a battery that is plugged in but kept where it is',
    { battery: { status: 'Not charging', percent: 60 }, plugged: true },
    { percent: 60, discharging: false },
  ],
]

/** What every Power promises. `ask` asks it on such a computer. */
export function powerContract(
  name: string,
  ask: (computer: Computer) => Promise<unknown>,
  options: { skip?: string | false } = {},
): void {
  for (const [what, computer, answer] of rows) {
    test(`${name} knows ${what}`, options, async () => assert.deepEqual(await ask(computer), answer))
  }
}
