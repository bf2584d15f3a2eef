import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { AppError, type Problem, toProblem } from '../../protocol/errors.ts'
import type { Settings } from '../../protocol/settings.ts'
import { readConfigTxt } from './import-config.ts'

test('a whole file of an earlier tracker', () => {
  const imported = readConfigTxt(`
    # Activity tracker configuration
    [settings]
    screenshot_interval = 600   # seconds between screenshots
    capture_screenshots = True
    blur_screenshots = False    # True blurs
    scripted_activity_threshold = 400
    battery_threshold = 15
    bucket_name = my-records
    region = eu-central-1
    endpoint = https://s3.example.org
    prefix = "team/a"
    aws_access_key_id = AKIAEXAMPLE
    aws_secret_access_key = ab/cd+ef==
    log_file = tracker.log
  `)
  assert.deepEqual(imported.settings, {
    screenshot_interval: 600,
    screenshots: true,
    blur_screenshots: false,
    scripted_activity_threshold: 400,
    battery_threshold: 15,
    bucket_name: 'my-records',
    region: 'eu-central-1',
    endpoint: 'https://s3.example.org',
    prefix: 'team/a',
  })
  assert.equal(imported.credentials?.accessKeyId, 'AKIAEXAMPLE')
  assert.equal(imported.credentials?.secretAccessKey.reveal(), 'ab/cd+ef==')
  assert.deepEqual(imported.ignored, ['log_file'])
  assert.deepEqual(imported.problems, [])
})

const settingLines: [line: string, settings: Partial<Settings>][] = [
  ['screenshots = True', { screenshots: true }],
  ['screenshots = no', { screenshots: false }],
  ['take_screenshots = False', { screenshots: false }],
  ['CAPTURE_SCREENSHOTS = true', { screenshots: true }],
  ["blur_screenshots = 'True'  # blur", { blur_screenshots: true }],
  ['screenshot_interval: 60', { screenshot_interval: 60 }],
  ['battery_threshold = 0', { battery_threshold: 0 }],
  ['scripted_input = Discard', { scripted_input: 'discard' }],
  ['bucket_name =', { bucket_name: '' }],
  ['bucket_name = # not yet', { bucket_name: '' }],
  ['region =', {}],
  ['screenshot_interval =', {}],
]

for (const [line, settings] of settingLines) {
  test(`setting: ${line}`, () => {
    const imported = readConfigTxt(`[settings]\n${line}\n`)
    assert.deepEqual(imported, { settings, ignored: [], problems: [] })
  })
}

const credentialLines: [name: string, lines: string[], id: string, secret: string, token?: string][] = [
  ['AWS names', ['aws_access_key_id = I', 'aws_secret_access_key = S'], 'I', 'S'],
  ['short names', ['access_key = I', 'secret_key = S'], 'I', 'S'],
  ['mixed names', ['aws_access_key = I', 'aws_secret_key = S'], 'I', 'S'],
  ['quoted', ['access_key = "I"', "secret_key = 'S'"], 'I', 'S'],
  [
    'with characters that begin a comment elsewhere',
    ['access_key = I', 'secret_key = a#b;c\\d'],
    'I',
    'a#b;c\\d',
  ],
  ['a comment behind', ['access_key = I # id', 'secret_key = S # keep safe'], 'I', 'S'],
  ['in a section of their own', ['[aws]', 'access_key = I', 'secret_key = S'], 'I', 'S'],
  ['with a session token', ['access_key = I', 'secret_key = S', 'aws_session_token = T'], 'I', 'S', 'T'],
]

for (const [name, lines, id, secret, token] of credentialLines) {
  test(`credentials: ${name}`, () => {
    const { credentials, ignored, problems } = readConfigTxt(['[settings]', ...lines].join('\n'))
    assert.equal(credentials?.accessKeyId, id)
    assert.equal(credentials?.secretAccessKey.reveal(), secret)
    assert.equal(credentials?.sessionToken?.reveal(), token)
    assert.deepEqual({ ignored, problems }, { ignored: [], problems: [] })
  })
}

const bad: [name: string, lines: string[], problem: Problem][] = [
  [
    'a value out of limits',
    ['screenshot_interval = 1'],
    {
      code: 'SETTING_INVALID',
      detail: 'screenshot_interval takes a whole number from 5 to 3600 (seconds)',
    },
  ],
  [
    'a value of the wrong type',
    ['blur_screenshots = maybe'],
    { code: 'SETTING_INVALID', detail: 'blur_screenshots takes true or false' },
  ],
  [
    'a line of words',
    ['hello'],
    { code: 'IMPORT_FAILED', detail: 'line 3 is not of the form: name = value' },
  ],
  [
    'a key without its secret',
    ['access_key = I'],
    { code: 'IMPORT_FAILED', detail: 'the credentials have no secret access key' },
  ],
  [
    'a secret without its key',
    ['secret_key = S'],
    { code: 'IMPORT_FAILED', detail: 'the credentials have no access key id' },
  ],
  [
    'a secret with a space',
    ['access_key = I', 'secret_key = S T'],
    { code: 'IMPORT_FAILED', detail: 'the secret access key has an impossible form' },
  ],
]

for (const [name, lines, problem] of bad) {
  test(`${name} is named and the rest is taken`, () => {
    const imported = readConfigTxt(['[settings]', 'battery_threshold = 30', ...lines].join('\n'))
    assert.deepEqual(imported.settings, { battery_threshold: 30 })
    assert.equal(imported.credentials, undefined)
    assert.deepEqual(imported.problems.map(toProblem), [problem])
  })
}

for (const text of [
  '',
  'screenshots = True\n',
  '[setting]\nscreenshots = True\n',
  '{"screenshots": true}',
  '\0\0',
]) {
  test(`without a [settings] section nothing is imported: ${JSON.stringify(text)}`, () => {
    assert.throws(() => readConfigTxt(text), { code: 'IMPORT_FAILED' })
  })
}

test('nothing of a credential shows, however the file is written', () => {
  const secret = fc.string({ unit: fc.constantFrom(...'ABCXYZabcxyz0189+/='), minLength: 40, maxLength: 60 })
  const line = fc.constantFrom(
    (value: string) => `secret_key = ${value}`,
    (value: string) => `secret_key: "${value}" # comment`,
    (value: string) => `secret_key = ${value.slice(0, 20)}\n  ${value.slice(20)}`,
    (value: string) => `secret_key ${value}`,
    (value: string) => `${value} = secret_key`,
    (value: string) => `secret_key = ${value} ${value}`,
  )
  fc.assert(
    fc.property(secret, fc.array(line, { minLength: 1, maxLength: 4 }), (value, lines) => {
      const text = `[settings]\naccess_key = id\n${lines.map(write => write(value)).join('\n')}`
      const shown = JSON.stringify(readConfigTxt(text), (_key, shownValue) =>
        shownValue instanceof AppError ? [shownValue.message, shownValue.stack] : shownValue,
      )
      for (const part of [value, value.slice(0, 20), value.slice(20)]) {
        assert.ok(!shown.toLowerCase().includes(part.toLowerCase()), shown)
      }
    }),
    { numRuns: 500 },
  )
})

test('no text breaks it in another way', () => {
  const unit = fc.constantFrom(
    '[settings]',
    '\n',
    '=',
    '#',
    ' ',
    'secret_key',
    'screenshots',
    'True',
    '"',
    '\0',
    'x',
  )
  fc.assert(
    fc.property(fc.string({ unit }), text => {
      try {
        readConfigTxt(text)
      } catch (error) {
        assert.equal(toProblem(error).code, 'IMPORT_FAILED')
      }
    }),
  )
})
