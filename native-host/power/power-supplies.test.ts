import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { batteryOf, type FoundBattery, type PowerSupply, parseSupply } from './power-supplies.ts'

const plugged: PowerSupply = { TYPE: 'Mains', ONLINE: '1' }
const unplugged: PowerSupply = { TYPE: 'Mains', ONLINE: '0' }
const usb: PowerSupply = { TYPE: 'USB', ONLINE: '1' }
const battery = (facts: PowerSupply): PowerSupply => ({ TYPE: 'Battery', PRESENT: '1', ...facts })
const runsDown = (percent: number, more: PowerSupply = {}) =>
  battery({ STATUS: 'Discharging', CAPACITY: String(percent), ...more })

const rows: [what: string, supplies: PowerSupply[], found: FoundBattery][] = [
  ['a desktop', [plugged], 'none'],
  ['a desktop that describes nothing', [], 'none'],
  ['a laptop that runs down', [unplugged, runsDown(15)], { percent: 15, discharging: true }],
  [
    'one that charges',
    [plugged, battery({ STATUS: 'Charging', CAPACITY: '15' })],
    { percent: 15, discharging: false },
  ],
  [
    'one that is kept at 60 %',
    [plugged, battery({ STATUS: 'Not charging', CAPACITY: '60' })],
    { percent: 60, discharging: false },
  ],
  [
    'one whose status lags behind the plug',
    [unplugged, battery({ STATUS: 'Full', CAPACITY: '100' })],
    { percent: 100, discharging: true },
  ],
  [
    'one that says Discharging although it is plugged in',
    [plugged, runsDown(90)],
    { percent: 90, discharging: false },
  ],
  ['one without a description of its plug', [runsDown(40)], { percent: 40, discharging: true }],
  [
    'one without a plug and of unknown status',
    [battery({ STATUS: 'Unknown', CAPACITY: '5' })],
    { percent: 5, discharging: false },
  ],
  [
    'one that is charged by USB-C',
    [unplugged, usb, battery({ STATUS: 'Charging', CAPACITY: '30' })],
    { percent: 30, discharging: false },
  ],
  [
    'one that USB-C keeps full',
    [unplugged, usb, battery({ STATUS: 'Full', CAPACITY: '100' })],
    { percent: 100, discharging: false },
  ],
  ['one that charges a phone by USB', [unplugged, usb, runsDown(30)], { percent: 30, discharging: true }],
  ['one that charges a phone by its only sockets', [usb, runsDown(30)], { percent: 30, discharging: true }],
  [
    'one that charges a phone by USB while it is plugged in',
    [plugged, usb, battery({ STATUS: 'Not charging', CAPACITY: '80' })],
    { percent: 80, discharging: false },
  ],
  [
    'one whose socket says that it gives power away',
    [unplugged, { ...usb, STATUS: 'Discharging' }, battery({ STATUS: 'Unknown', CAPACITY: '30' })],
    { percent: 30, discharging: true },
  ],
  [
    'one whose old kernel knows kinds of USB',
    [unplugged, { TYPE: 'USB_PD', ONLINE: '1' }, runsDown(30)],
    { percent: 30, discharging: true },
  ],
  [
    'a desktop at a UPS that is charged',
    [{ TYPE: 'UPS', STATUS: 'Full', ONLINE: '1', CAPACITY: '100' }],
    { percent: 100, discharging: false },
  ],
  [
    'a desktop that a UPS keeps alive',
    [plugged, { TYPE: 'UPS', STATUS: 'Discharging', CAPACITY: '15' }],
    { percent: 15, discharging: true },
  ],
  ['a desktop at a UPS that says nothing', [plugged, { TYPE: 'UPS' }], 'none'],
  [
    'a laptop at a UPS that keeps it alive, three times as large as its battery',
    [
      plugged,
      { TYPE: 'UPS', STATUS: 'Discharging', CAPACITY: '20', ENERGY_FULL: '90000000' },
      battery({ STATUS: 'Full', CAPACITY: '100', ENERGY_FULL: '30000000' }),
    ],
    { percent: 40, discharging: true },
  ],
  [
    'a laptop beside a UPS of a device',
    [unplugged, runsDown(80), { TYPE: 'UPS', SCOPE: 'Device', STATUS: 'Discharging', CAPACITY: '2' }],
    { percent: 80, discharging: true },
  ],
  [
    'one with empty USB-C sockets',
    [{ TYPE: 'USB', ONLINE: '0' }, battery({ STATUS: 'Charging', CAPACITY: '30' })],
    { percent: 30, discharging: false },
  ],
  ['a mouse on a desktop', [plugged, runsDown(3, { SCOPE: 'Device' })], 'none'],
  [
    'a mouse beside a battery',
    [unplugged, runsDown(80, { SCOPE: 'System' }), runsDown(3, { SCOPE: 'Device' })],
    { percent: 80, discharging: true },
  ],
  ['an empty battery slot', [plugged, battery({ PRESENT: '0', STATUS: 'Unknown' })], 'none'],
  [
    'energy without a percentage',
    [unplugged, battery({ STATUS: 'Discharging', ENERGY_FULL: '50000000', ENERGY_NOW: '12500000' })],
    { percent: 25, discharging: true },
  ],
  [
    'charge without a percentage',
    [unplugged, battery({ STATUS: 'Discharging', CHARGE_FULL: '4000000', CHARGE_NOW: '1000000' })],
    { percent: 25, discharging: true },
  ],
  [
    'no more than a level',
    [unplugged, battery({ STATUS: 'Discharging', CAPACITY_LEVEL: 'Critical' })],
    { percent: 3, discharging: true },
  ],
  ['more than all', [unplugged, runsDown(104)], { percent: 100, discharging: true }],
  ['one that says nothing', [unplugged, battery({ STATUS: 'Discharging' })], 'unreadable'],
  ['one that says nonsense', [unplugged, battery({ STATUS: 'Discharging', CAPACITY: 'full' })], 'unreadable'],
  [
    'one that says nothing beside one that does',
    [unplugged, battery({}), runsDown(70)],
    { percent: 70, discharging: true },
  ],
  [
    'two, one three times as large',
    [unplugged, runsDown(100, { ENERGY_FULL: '10000000' }), runsDown(20, { ENERGY_FULL: '30000000' })],
    { percent: 40, discharging: true },
  ],
  [
    'two in different units',
    [
      unplugged,
      runsDown(100, { CHARGE_FULL: '1000000', VOLTAGE_MIN_DESIGN: '10000000' }),
      runsDown(20, { ENERGY_FULL: '30000000' }),
    ],
    { percent: 40, discharging: true },
  ],
  [
    'two, one of which does not say how large it is',
    [unplugged, runsDown(100), runsDown(20, { ENERGY_FULL: '30000000' })],
    { percent: 60, discharging: true },
  ],
  [
    'two, of which one is used and one waits',
    [unplugged, runsDown(50), battery({ STATUS: 'Not charging', CAPACITY: '90' })],
    { percent: 70, discharging: true },
  ],
  [
    'two, of which one charges the other',
    [plugged, runsDown(50), battery({ STATUS: 'Charging', CAPACITY: '10' })],
    { percent: 30, discharging: false },
  ],
]
for (const [what, supplies, found] of rows)
  test(`${what}: ${typeof found === 'string' ? found : `${found.percent} %, ${found.discharging ? 'unplugged' : 'plugged in'}`}`, () => {
    assert.deepEqual(batteryOf(supplies), found)
  })

test('property: for any supplies the result is a percentage or none', () => {
  const facts = fc.dictionary(
    fc.constantFrom('TYPE', 'STATUS', 'SCOPE', 'PRESENT', 'CAPACITY', 'ENERGY_FULL', 'ENERGY_NOW', 'ONLINE'),
    fc.oneof(
      fc.constantFrom('Battery', 'Mains', 'Discharging', 'Charging', '0', '1'),
      fc.integer().map(String),
      fc.string(),
    ),
  )
  fc.assert(
    fc.property(fc.array(facts), supplies => {
      const found = batteryOf(supplies)
      if (typeof found !== 'string')
        assert.ok(Number.isInteger(found.percent) && found.percent >= 0 && found.percent <= 100)
    }),
  )
})

test('a uevent is read with the type of the file beside it, unless it states one itself', () => {
  const uevent = 'DEVTYPE=power_supply\nPOWER_SUPPLY_NAME=CMB1\nPOWER_SUPPLY_CAPACITY=7\n'
  assert.deepEqual(parseSupply(uevent, 'Battery\n'), { TYPE: 'Battery', NAME: 'CMB1', CAPACITY: '7' })
  assert.equal(parseSupply(`${uevent}POWER_SUPPLY_TYPE=UPS\n`, 'Battery').TYPE, 'UPS')
})
