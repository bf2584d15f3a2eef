import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeChange } from './setting-change.ts'
import {
  defaultSettings,
  type SettingName,
  type SettingValue,
  settingNames,
  settingRows,
  weakens,
} from './settings.ts'

const rows: [name: SettingName, from: SettingValue, to: SettingValue, weaker: boolean][] = [
  ['blur_screenshots', true, false, true],
  ['screenshots', false, true, true],
  ['hold_screenshots', 60, 59, true],
  ['excluded_applications', 'KeePassXC, bank', '', true],
  ['excluded_applications', 'KeePassXC, bank', 'bank', true],
  ['excluded_applications', 'KeePassXC', ' keepass ,mail', false],
  ['excluded_applications', '', 'mail', false],
  // Names are compared as windows are: a sign that is not seen is no name.
  ['excluded_applications', 'Sig\u00adnal', '\u00ad', true],
  ['excluded_applications', 'Ｂank', 'bank', false],
  ['blur_private_windows', true, false, true],
  ['screenshot_notice', 'notification', 'badge', true],
  ['screenshot_notice', 'badge', 'off', true],
  ['screenshot_displays', 'active', 'all', true],
  ['keep_tracking', false, true, true],
  ['trusted_devices', 'a mouse', 'A mouse, a robot', true],
  ['trusted_devices', 'a mouse, a robot', 'a mouse', false],
  ['trusted_devices', '', '\u00ad', true],
  ['trusted_devices', 'a mouse, "Yubico, Inc. Key"', 'a mouse, "Yubico, Inc. Key", key', true],
  ['trusted_devices', 'a mouse, "Yubico, Inc. Key"', '"Yubico, Inc. Key"', false],
  ['excluded_applications', 'mail, "Doe, John"', 'mail', true],
  ['excluded_applications', 'mail, "Doe, John"', 'Doe, mail', false],
  ['injected_input', 'suspect', 'ignore', true],
]
for (const [name, from, to, weaker] of rows)
  test(`${name}: ${from} → ${to} protects ${weaker ? 'less' : 'no less'}`, () => {
    assert.equal(weakens(name, from, to), weaker)
    if (weaker) assert.equal(weakens(name, to, from), false)
    assert.equal(weakens(name, from, from), false)
  })

test('a name hides no longer one whose marks make other letters of it', () => {
  assert.equal(weakens('excluded_applications', 'Cafe\u0301', 'Cafe'), true)
  assert.equal(weakens('excluded_applications', 'Cafe\u0301', 'CAFÉ'), false)
})

test('what only the computer may change is none of it, and every other kind has its words', () => {
  for (const name of settingNames) {
    const row = settingRows[name]
    if (row.changedFrom === 'computer') assert.equal(row.weakens.when, undefined, name)
    assert.equal(weakens(name, defaultSettings[name], defaultSettings[name]), false)
  }
  for (const [name, , , weaker] of rows) if (weaker) assert.ok(settingRows[name].weakens.when, name)
})

test('a change is announced in plain text, for any content of a value', () => {
  const hostile = '<b>x</b> \u202e"\'$(rm)`\u0007é'
  const { what, from, to } = describeChange('excluded_applications', hostile, '')
  assert.deepEqual([what, to], ['Apps to blur', 'nothing'])
  assert.match(from, /^[\p{L}\p{N} .,_()?-]+$/u)
  assert.equal(describeChange('trusted_devices', '', 'x'.repeat(500)).to.length, 80)
})
