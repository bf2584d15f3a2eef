import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  parseSettingValue,
  type SettingRow,
  type SettingValue,
  settingNames,
  settingRows,
} from '../../protocol/settings.ts'
import { describeValue, fitsSideBySide, nearestStop, settingCommand, sliderStops } from './setting-words.ts'

const values: [name: (typeof settingNames)[number], value: SettingValue, words: string][] = [
  ['screenshots', true, 'On'],
  ['blur_screenshots', false, 'Off'],
  ['screenshot_interval', 300, '5 min'],
  ['screenshot_interval', 3600, '1 h'],
  ['idle_after', 90, '1 min 30 s'],
  ['battery_threshold', 20, '20 %'],
  ['scripted_activity_threshold', 500, '500 px'],
  ['outbox_limit', 10, '10 GB'],
  ['upload_limit', 500, '500 kB/s'],
  ['upload_limit', 0, 'no limit'],
  ['scripted_input', 'discard', 'Discard'],
  ['region', 'eu-central-1', 'eu-central-1'],
]
for (const [name, value, words] of values)
  test(`${name} ${value} is “${words}”`, () => {
    assert.equal(describeValue(name, value), words)
  })

for (const name of settingNames) {
  const row: SettingRow = settingRows[name]
  if (row.type === 'integer')
    test(`the slider of ${name} reaches both limits, rises, and stops only where the value is allowed`, () => {
      const stops = sliderStops(row)
      assert.equal(stops[0], row.min)
      assert.equal(stops.at(-1), row.max)
      assert.deepEqual(
        stops,
        stops.toSorted((a, b) => a - b),
      )
      for (const stop of stops) assert.equal(parseSettingValue(name, stop), stop)
    })
  if (row.type === 'integer')
    test(`the slider of ${name} can stand at the default`, () => {
      const stops = sliderStops(row)
      assert.equal(stops[nearestStop(stops, row.default)], row.default)
    })
}

test('a value that was typed between two stops moves the slider to the nearer one', () => {
  assert.equal(nearestStop([5, 10, 15], 11), 1)
  assert.equal(nearestStop([5, 10, 15], 99), 2)
})

const layouts: [labels: string[], beside: boolean][] = [
  [['Flag', 'Discard'], true],
  [['Low', 'Normal', 'High'], true],
  [['All screens', 'Active screen'], true],
  [['Nothing', 'A mark on the toolbar button', 'A notification'], false],
  [['One', 'Two', 'Three', 'Four', 'Five', 'Six'], false],
]
for (const [labels, beside] of layouts)
  test(`${labels.join(', ')} stand ${beside ? 'side by side' : 'in a column'}`, () => {
    assert.equal(fitsSideBySide(labels), beside)
  })

test('the command of a setting that only the computer may change', () => {
  assert.equal(settingCommand('bucket_name'), 'activity-tracker settings set bucket_name NAME')
})
