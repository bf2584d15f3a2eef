import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordedSetting } from './recorded-setting.ts'

test('records say how many devices are trusted, and not which', () => {
  assert.equal(recordedSetting('trusted_devices', ''), '0 names')
  assert.equal(recordedSetting('trusted_devices', 'A switch, '), '1 name')
  assert.equal(recordedSetting('trusted_devices', 'A switch, a scanner'), '2 names')
  assert.equal(recordedSetting('trusted_devices', '"Yubico, Inc. Key"'), '1 name')
})

test('records state the value of other settings', () => {
  assert.equal(recordedSetting('screenshot_interval', 60), 60)
  assert.equal(recordedSetting('injected_input', 'ignore'), 'ignore')
})
