import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { AppError } from './errors.ts'
import {
  defaultSettings,
  describeLimits,
  parseSettingName,
  parseSettings,
  parseSettingText,
  parseSettingValue,
  type SettingName,
  type SettingRow,
  settingNames,
  settingRows,
  settingSections,
} from './settings.ts'

const rows: [SettingName, SettingRow][] = settingNames.map(name => [name, settingRows[name]])

for (const [name, row] of rows) {
  test(`${name}: the default is a valid value, also written as text`, () => {
    assert.deepEqual(parseSettingValue(name, row.default), row.default)
    assert.deepEqual(parseSettingText(name, String(row.default)), row.default)
    assert.deepEqual(defaultSettings[name], row.default)
  })

  test(`${name}: has words for people, and a section`, () => {
    assert.match(row.label, /^[A-Z0-9].*[^.]$/)
    assert.match(row.help, /^[A-Z].*\.$/)
    assert.ok(Object.hasOwn(settingSections, row.section))
    assert.ok(describeLimits(row).length > 5)
  })

  test(`${name}: a value of another type is refused, with the limits in the error`, () => {
    const wrong = [null, undefined, [], {}, Number.NaN, Symbol('x'), row.type === 'boolean' ? 'true' : true]
    for (const value of wrong)
      assert.throws(() => parseSettingValue(name, value), {
        code: 'SETTING_INVALID',
        detail: `${name} takes ${describeLimits(row)}`,
      })
  })
}

const integers = rows.flatMap(([name, row]) => (row.type === 'integer' ? [{ name, row }] : []))
for (const { name, row } of integers)
  test(`${name}: ${row.min} and ${row.max} are within the limits, one less and one more are not`, () => {
    assert.equal(parseSettingValue(name, row.min), row.min)
    assert.equal(parseSettingValue(name, row.max), row.max)
    for (const value of [row.min - 1, row.max + 1, row.min + 0.5, String(row.min), Number.POSITIVE_INFINITY])
      assert.throws(() => parseSettingValue(name, value), { code: 'SETTING_INVALID' }, String(value))
  })

const agreed: [name: SettingName, value: unknown][] = [
  ['screenshot_interval', 300],
  ['screenshots', true],
  ['scripted_activity_threshold', 500],
  ['battery_threshold', 20],
  ['scripted_input', 'flag'],
  ['keep_tracking', false],
  ['bucket_name', ''],
]
for (const [name, value] of agreed)
  test(`${name} is ${value === '' ? 'empty' : value} unless the user changes it`, () => {
    assert.equal(defaultSettings[name], value)
  })

test('a browser may not say where anything is delivered to', () => {
  const computerOnly = rows.filter(([, row]) => row.changedFrom === 'computer').map(([name]) => name)
  assert.deepEqual(computerOnly, [
    'folder',
    'bucket_name',
    'region',
    'endpoint',
    'prefix',
    'credentials',
    'credentials_profile',
    'bucket_owner',
    'storage_class',
    'server_side_encryption',
    'sse_kms_key',
    'proxy',
    'ca_file',
  ])
})

const texts: [name: SettingName, text: string, value: unknown][] = [
  ['screenshots', 'True', true],
  ['screenshots', 'False', false],
  ['screenshots', 'yes', true],
  ['screenshots', 'off', false],
  ['screenshots', ' 1 ', true],
  ['screenshots', '0', false],
  ['screenshot_interval', '300', 300],
  ['screenshot_interval', ' 60\n', 60],
  ['scripted_input', 'Discard', 'discard'],
  ['bucket_name', ' my-bucket ', 'my-bucket'],
  ['bucket_name', '', ''],
  ['server_side_encryption', 'aes256', 'AES256'],
  ['server_side_encryption', 'AES256', 'AES256'],
  ['credentials', 'SSO', 'sso'],
]
for (const [name, text, value] of texts)
  test(`${name} written as ${JSON.stringify(text)} is ${JSON.stringify(value)}`, () => {
    assert.deepEqual(parseSettingText(name, text), value)
  })

const badTexts: [name: SettingName, text: string][] = [
  ['screenshots', 'maybe'],
  ['screenshots', ''],
  ['screenshots', 'truefalse'],
  ['screenshot_interval', ''],
  ['screenshot_interval', '4'],
  ['screenshot_interval', '3601'],
  ['screenshot_interval', '60s'],
  ['screenshot_interval', '1e2'],
  ['screenshot_interval', '0x3c'],
  ['screenshot_interval', '60.0'],
  ['screenshot_interval', '99999999999999999999'],
  ['scripted_input', 'drop'],
  ['scripted_input', 'constructor'],
]
for (const [name, text] of badTexts)
  test(`${name} cannot be written as ${JSON.stringify(text)}`, () => {
    assert.throws(() => parseSettingText(name, text), { code: 'SETTING_INVALID' })
  })

const places: [name: SettingName, good: string[], bad: string[]][] = [
  [
    'folder',
    ['', '/srv/tracker', 'C:\\Users\\me', '\\\\server\\share'],
    ['relative/path', '~/tracker', 'C:relative', '/with\0zero', `/${'a'.repeat(1001)}`],
  ],
  [
    'bucket_name',
    ['', 'abc', 'my.bucket-2', 'a'.repeat(63), 'Upper_score', 'tenant:bucket', 'ab', 'a'.repeat(255)],
    ['a'.repeat(256), 'a/b', 'a b', 'bucket\n', '.', '..', 'a?b', 'a#b', 'a%2fb', 'a\\b', 'a\0b'],
  ],
  ['region', ['us-east-1', 'auto', 'RegionOne'], ['', 'eu central', 'a/b', 'a'.repeat(61)]],
  [
    'endpoint',
    ['', 'https://s3.example.org', 'http://127.0.0.1:9000', 'https://host/path'],
    [
      's3.example.org',
      'ftp://host',
      'https://',
      'https://host?query',
      'https://host#fragment',
      'https://key:secret@host',
      'file:///etc',
    ],
  ],
  ['bucket_owner', ['', '012345678901'], ['12345678901', '0123456789012', '01234567890a', '0123-4567-8901']],
  ['storage_class', ['', 'STANDARD_IA', 'GLACIER_IR'], ['standard', 'A B', 'A\r\nx: y', 'A'.repeat(41)]],
  [
    'sse_kms_key',
    ['', 'alias/records', 'arn:aws:kms:eu-central-1:012345678901:key/1234abcd-12ab'],
    ['a b', 'a\nb', 'a'.repeat(2049)],
  ],
  [
    'credentials_profile',
    ['', 'default', 'team-a', 'anna@example.org'],
    [' x', 'a]b', 'a\nb', 'a'.repeat(129)],
  ],
  [
    'proxy',
    ['', 'http://proxy.example.org:3128', 'https://10.0.0.1:8080/'],
    ['proxy:3128', 'socks5://proxy:1080', 'http://user:secret@proxy:3128', 'http://proxy/path', 'http://'],
  ],
  [
    'ca_file',
    ['', '/etc/ssl/company.pem', 'C:\\certs\\company.pem'],
    ['company.pem', '~/company.pem', '/a\0b'],
  ],
  ['prefix', ['', 'activity-tracker', "a/b_c.d!*'()=e"], ['with space', 'ä', 'a\\b', 'a'.repeat(201)]],
]
for (const [name, good, bad] of places) {
  test(`${name} takes what it should`, () => {
    for (const value of good) assert.equal(parseSettingValue(name, value), value)
  })
  test(`${name} refuses what it should`, () => {
    for (const value of bad)
      assert.throws(() => parseSettingValue(name, value), { code: 'SETTING_INVALID' }, value)
  })
}

for (const name of ['colour', '', 'constructor', '__proto__', 'toString', 'Screenshots', 'screenshots '])
  test(`${JSON.stringify(name)} is no setting`, () => {
    assert.throws(() => parseSettingName(name), { code: 'SETTING_UNKNOWN' })
  })

test('a very long name is not repeated in the error', () => {
  assert.throws(
    () => parseSettingName('x'.repeat(10_000)),
    (error: AppError) => (error.detail?.length ?? 0) <= 80,
  )
})

test('stored settings: good values are taken, bad ones become the default and are named', () => {
  const { settings, problems } = parseSettings({
    screenshot_interval: 60,
    battery_threshold: 101,
    colour: 'red',
    blur_screenshots: false,
  })
  assert.deepEqual(settings, { ...defaultSettings, screenshot_interval: 60, blur_screenshots: false })
  assert.deepEqual(
    problems.map(({ code, detail }) => [code, detail]),
    [
      ['SETTING_INVALID', 'battery_threshold takes a whole number from 0 to 100 (percent)'],
      ['SETTING_UNKNOWN', 'colour'],
    ],
  )
})

test('a stored __proto__ is an unknown name and changes nothing', () => {
  const { settings, problems } = parseSettings(JSON.parse('{"__proto__":{"screenshots":false}}'))
  assert.deepEqual(settings, defaultSettings)
  assert.deepEqual(
    problems.map(problem => problem.code),
    ['SETTING_UNKNOWN'],
  )
})

test('from any stored state, the settings are complete and valid, and each bad value is named once', () => {
  const anyName = fc.oneof(
    fc.constantFrom(...settingNames, 'constructor', '__proto__', 'hasOwnProperty'),
    fc.string(),
  )
  const anyValue = fc.oneof(
    fc.anything(),
    fc.integer({ min: 0, max: 4000 }),
    fc.constantFrom('flag', 'discard'),
  )
  fc.assert(
    fc.property(fc.dictionary(anyName, anyValue), stored => {
      const { settings, problems } = parseSettings(stored)
      assert.deepEqual(Object.keys(settings), settingNames)
      for (const name of settingNames) assert.equal(parseSettingValue(name, settings[name]), settings[name])
      const taken = Object.entries(stored).filter(
        ([name, value]) => Object.hasOwn(settings, name) && settings[name as SettingName] === value,
      )
      assert.ok(problems.length + taken.length >= Object.keys(stored).length)
      assert.ok(problems.every(problem => problem instanceof AppError))
    }),
    { numRuns: 2000 },
  )
})

test('reading settings never changes the defaults', () => {
  const before = structuredClone(defaultSettings)
  parseSettings({ screenshots: false, folder: '/elsewhere' })
  assert.deepEqual(defaultSettings, before)
})
