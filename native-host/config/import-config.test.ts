import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { AppError, type Problem, toProblem } from '../../protocol/errors.ts'
import type { Settings } from '../../protocol/settings.ts'
import { readConfigTxt } from './import-config.ts'

test('names that are not imported are listed, with or without S3 in front, and possible secrets are not', () => {
  const lines = ['s3_bucket = a', 's3 = b', 'k7x = c', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYabcdefghij = d']
  assert.deepEqual(readConfigTxt(['[settings]', ...lines].join('\n')).ignored, [
    's3_bucket',
    's3',
    '(unnamed)',
    '(unnamed)',
  ])
})

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
    assert.deepEqual(imported, { settings, ignored: [], notes: [], problems: [] })
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

const id = 'AKIAQUOKKAZEPHYRUS01'
const secret = 'wJalrZEPHYRUSquokka/K7MDENG+bPxRfiCYcanary'.slice(0, 40)
const swapNote =
  'the access key ID and the secret access key were in each other’s place, and have been swapped'

test('a swapped access key id and secret are put right, and a note says so', () => {
  const swapped = readConfigTxt(`[settings]\naws_access_key_id = ${secret}\naws_secret_access_key = ${id}`)
  assert.equal(swapped.credentials?.accessKeyId, id)
  assert.equal(swapped.credentials?.secretAccessKey.reveal(), secret)
  assert.deepEqual([swapped.notes, swapped.problems], [[swapNote], []])
})

const wrongPlaces: [name: string, id: string, secret: string][] = [
  ['an id twice', id, 'ASIAQUOKKAZEPHYRUS02'],
  ['a secret twice', secret, secret],
  ['an id of forty characters with another secret', secret, 'anything'],
]
for (const [name, first, second] of wrongPlaces) {
  test(`${name} is refused, and none of it is shown`, () => {
    const text = `[settings]\naccess_key = ${first}\nsecret_key = ${second}`
    const { credentials, problems } = readConfigTxt(text)
    assert.equal(credentials, undefined)
    assert.deepEqual(problems.map(toProblem), [
      {
        code: 'CREDENTIALS_INVALID',
        detail: 'the access key ID and the secret access key look like the same kind of value',
      },
    ])
  })
}

test('the long access keys of other stores are imported unchanged', () => {
  for (const [long, theirs] of [
    ['5b1c9e0f7a3d2468ace013579bdf02468ace1357', 'q0VXWl3p0aXz1Qw8b2N5m7k9JhGfDsA3yRtE6uIoPc8='],
    ['f1d2c3b4a5968778695a4b3c2d1e0f00', 'a'.repeat(32)],
    ['minioadmin', 'MINIOADMIN0123456789'],
  ] as const) {
    const { credentials, notes } = readConfigTxt(`[settings]\naccess_key = ${long}\nsecret_key = ${theirs}`)
    assert.deepEqual([credentials?.accessKeyId, notes], [long, []])
  }
})

for (const [line, detail] of [
  ['bucket_name = your-s3-bucket-name', 'bucket_name is still a placeholder'],
  ['bucket_name = <bucket>', 'bucket_name is still a placeholder'],
  ['region = YOUR_REGION', 'region is still a placeholder'],
  ['endpoint = https://your-endpoint.example.com', 'endpoint is still a placeholder'],
  ['access_key = YOUR_ACCESS_KEY\nsecret_key = x', 'the access key ID is still a placeholder'],
  ['access_key = x\nsecret_key = ****', 'the secret access key is still a placeholder'],
] as const) {
  test(`a placeholder is not imported: ${line}`, () => {
    const imported = readConfigTxt(`[settings]\nbattery_threshold = 30\n${line}`)
    assert.deepEqual([imported.settings, imported.credentials], [{ battery_threshold: 30 }, undefined])
    const code = detail.includes('access key') ? 'CREDENTIALS_INVALID' : 'IMPORT_FAILED'
    assert.deepEqual(imported.problems.map(toProblem), [{ code, detail }])
  })
}

test('names that merely resemble a placeholder are imported', () => {
  for (const name of ['take-your-time', 'my-bucket', 'records', 'yourk-archive', 'keys'])
    assert.equal(readConfigTxt(`[settings]\nbucket_name = ${name}`).settings.bucket_name, name)
})

test('the last of two equal sections counts, and a note says so', () => {
  const { settings, notes } = readConfigTxt(
    '[settings]\nbattery_threshold = 10\nprefix = a\n[other]\n[settings]\nbattery_threshold = 30\n',
  )
  assert.deepEqual(settings, { battery_threshold: 30 })
  assert.deepEqual(notes, ['the section [settings] appears twice; only the last one is used'])
})

test('an id never gets the secret of another section', () => {
  const { credentials } = readConfigTxt(
    '[settings]\n[aws]\naccess_key = I\nsecret_key = S\n[later]\naccess_key = J\n',
  )
  assert.deepEqual([credentials?.accessKeyId, credentials?.secretAccessKey.reveal()], ['I', 'S'])
})

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
  ['a line of words', ['hello'], { code: 'IMPORT_FAILED', detail: 'line 3 is not written as name = value' }],
  [
    'a key without its secret',
    ['access_key = I'],
    { code: 'CREDENTIALS_INVALID', detail: 'the credentials have no secret access key' },
  ],
  [
    'a secret without its key',
    ['secret_key = S'],
    { code: 'CREDENTIALS_INVALID', detail: 'the credentials have no access key ID' },
  ],
  [
    'a secret with a space',
    ['access_key = I', 'secret_key = S T'],
    { code: 'CREDENTIALS_INVALID', detail: 'the secret access key is not valid' },
  ],
]

for (const [name, lines, problem] of bad) {
  test(`${name} is named and the rest is imported`, () => {
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

test('no part of a credential is shown, however the file is written', () => {
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

test('no text causes any other error', () => {
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
