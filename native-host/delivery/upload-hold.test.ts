import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WaitReason } from '../../protocol/status.ts'
import { uploadHold } from './upload-hold.ts'

const settings = { upload_on_metered: true, upload_on_low_battery: false, battery_threshold: 20 }
const noMetered = { upload_on_metered: false }
const lowBattery = { upload_on_low_battery: true }
const [full, low, charging] = [
  { percent: 90, discharging: true },
  { percent: 19, discharging: true },
  { percent: 19, discharging: false },
]
type World = Parameters<typeof uploadHold>[0]

const rows: [
  name: string,
  world: Partial<World>,
  set: Partial<typeof settings>,
  known: WaitReason | undefined,
  reason: WaitReason | undefined,
][] = [
  ['nothing special', {}, {}, undefined, undefined],
  ['metered, and allowed', { metered: true }, {}, undefined, undefined],
  ['metered', { metered: true }, noMetered, undefined, 'metered'],
  ['no longer metered', {}, noMetered, 'metered', undefined],
  ['enough charge', { battery: full }, {}, undefined, undefined],
  ['a low battery', { battery: low }, {}, undefined, 'low-battery'],
  ['a low battery that charges', { battery: charging }, {}, 'low-battery', undefined],
  ['a low battery, and allowed', { battery: low }, lowBattery, undefined, undefined],
  [
    'a battery that was low just now',
    { battery: { percent: 21, discharging: true } },
    {},
    'low-battery',
    'low-battery',
  ],
  ['the rule for batteries is off', { battery: low }, { battery_threshold: 0 }, undefined, undefined],
  ['both: what costs money is named', { metered: true, battery: low }, noMetered, undefined, 'metered'],
]
for (const [name, world, set, known, reason] of rows)
  test(`${name}: ${reason ?? 'upload'}`, () =>
    assert.equal(
      uploadHold({ metered: false, battery: undefined, ...world }, { ...settings, ...set }, known),
      reason,
    ))
