import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../../protocol/errors.ts'
import { defaultSettings } from '../../protocol/settings.ts'
import { checkTogether } from '../../protocol/settings-together.ts'
import type { SecretStore } from '../config/stored-secrets.ts'
import { Secret } from '../kernel/secret.ts'
import type { CommandContext } from './context.ts'
import { createProgram } from './program.ts'

const id = 'AKIAIOSFODNN7EXAMPLE'

/** A store that keeps nothing but what it was given last. */
function memoryStore(): SecretStore & { given: unknown[] } {
  const given: unknown[] = []
  return {
    given,
    read: async () => undefined,
    write: async (_, value) => void given.push(value),
    forget: async () => given.splice(0).length > 0,
  }
}

/** A script that pipes this into the command. */
function script(input: string | Uint8Array, answers?: readonly string[]) {
  const [keychain, file] = [memoryStore(), memoryStore()]
  const said: string[] = []
  const asked: string[] = []
  const changed: unknown[] = []
  const left = [...(answers ?? [])]
  const context = {
    terminal: {
      out: async lines => void said.push(...lines),
      write: async () => undefined,
      err: lines => void said.push(...lines),
      show: () => undefined,
      interactive: answers !== undefined,
      overwrites: false,
      hush: () => ({ [Symbol.asyncDispose]: async () => undefined }),
      ask: async question => {
        asked.push(`shown: ${question}`)
        return left.shift() ?? ''
      },
      askSecret: async question => {
        asked.push(`hidden: ${question}`)
        return left.shift() ?? ''
      },
    },
    secrets: { keychain, file },
    readFile: async () => (typeof input === 'string' ? new TextEncoder().encode(input) : input),
    openSettings: async () => ({
      current: { value: defaultSettings, watch: () => undefined },
      change: async (name, value) => {
        checkTogether({ ...defaultSettings, [name]: value })
        changed.push([name, value])
      },
      problems: [],
    }),
    agent: {
      connect: () => Promise.reject(new AppError('AGENT_UNREACHABLE')),
      holdOff: () => ({ [Symbol.dispose]: () => undefined }),
    },
  } satisfies Partial<CommandContext> | Record<string, unknown>
  return {
    keychain,
    file,
    said,
    asked,
    changed,
    // Only what these commands ask for is there.
    run: (...args: string[]) =>
      createProgram(context as unknown as CommandContext, '').parseAsync(args, { from: 'user' }),
  }
}

const refused: [name: string, input: string, detail: string][] = [
  ['nothing', '', 'the access key ID is missing or not valid'],
  ['no secret', `${id}\n`, 'the secret access key is missing or not valid'],
  ['a secret with a space', `${id}\na b\n`, 'the secret access key is missing or not valid'],
  ['a token with a quote', `${id}\nabc\na"b\n`, 'the session token is missing or not valid'],
]
for (const [name, input, detail] of refused) {
  test(`${name} is refused, and nothing is kept`, async () => {
    const { run, file } = script(input)
    await assert.rejects(run('credentials', 'set', '--file'), (error: AppError) => {
      assert.deepEqual([error.code, error.detail], ['CREDENTIALS_INVALID', detail])
      return true
    })
    assert.deepEqual(file.given, [])
  })
}

test('a script gives each on a line of its own', async () => {
  const { run, file, said } = script(`${id}\r\nabc#1\r\ntoken\r\n`)
  await run('credentials', 'set', '--file')
  assert.deepEqual(revealed(file.given[0]), [id, 'abc#1', 'token'])
  assert.deepEqual(said, ['Stored in the file: AKIA…MPLE with its secret [set] and session token [set]'])
})

test('a person is asked, and sees nothing of the secrets', async () => {
  const { run, file, asked } = script('', [id, 'abc', ''])
  await run('credentials', 'set', '--file')
  assert.deepEqual(revealed(file.given[0]), [id, 'abc', undefined])
  assert.deepEqual(asked, [
    'shown: Access key ID: ',
    'hidden: Secret access key: ',
    'hidden: Session token (optional): ',
  ])
})

test('after an answer that is none nothing more is asked', async () => {
  for (const [args, answers, count] of [
    [[], [''], 1],
    [[], ['two words'], 1],
    [[], [id, ''], 2],
    [[], ['wJalrZEPHYRUSquokka/K7MDENG+bPxRfiCYcana'], 1],
    [['--proxy'], [''], 1],
  ] as const) {
    const { run, asked, file } = script('', answers)
    await assert.rejects(run('credentials', 'set', '--file', ...args), { code: 'CREDENTIALS_INVALID' })
    assert.equal(asked.length, count)
    assert.deepEqual(file.given, [])
  }
})

const secret = 'wJalrZEPHYRUSquokka/K7MDENG+bPxRfiCYcana'
for (const [name, answers] of [
  ['a secret as the id', [secret, secret]],
  ['both in each other’s place', [secret, id]],
  ['an id as the secret', ['anna', id]],
  ['a placeholder', ['YOUR_ACCESS_KEY', secret]],
] as const) {
  test(`${name} is refused, and nothing of it is said`, async () => {
    for (const { run, said, file } of [script('', answers), script(answers.join('\n'))]) {
      await assert.rejects(run('credentials', 'set', '--file'), (error: AppError) => {
        assert.equal(error.code, 'CREDENTIALS_INVALID')
        said.push(error.message, error.detail ?? '')
        return true
      })
      assert.deepEqual(file.given, [])
      for (const answer of answers) {
        assert.ok(!said.join('\n').includes(answer.slice(0, 4)))
        assert.ok(!said.join('\n').includes(answer.slice(-4)))
      }
    }
  })
}

test('a secret that was kept as the id by an earlier version is not shown', async () => {
  const { run, said, keychain } = script('')
  keychain.read = (async (name: string) =>
    name === 's3'
      ? { accessKeyId: secret, secretAccessKey: new Secret('S') }
      : undefined) as SecretStore['read']
  await run('credentials', 'show')
  assert.match(said.join('\n'), /keychain +\[set\] with its secret \[set\]/)
})

test('an import shows no secret, behind any name', async () => {
  const misplaced = secret.replace('+', '7')
  const file = Buffer.from(`\uFEFF[settings]\r\nprefix = ${misplaced}\r\naccess_key = ${id}\r\n`, 'utf16le')
  for (const json of [[], ['--json']]) {
    const { run, said, changed } = script(file)
    await assert.rejects(run('import', ...json, 'config.txt'), { code: 'CREDENTIALS_INVALID' })
    assert.deepEqual(changed, [['prefix', misplaced]])
    assert.ok(said.join('').includes('[set]'))
    assert.ok(!said.join('').includes(misplaced.slice(0, 8)))
  }
})

const imports: [what: string, lines: string[], detail: string | undefined, changed: unknown[]][] = [
  ['all of it', ['screenshot_interval = 600'], undefined, [['screenshot_interval', 600]]],
  [
    'names of others',
    ['screenshot_interval = 600', 'colour = blue'],
    undefined,
    [['screenshot_interval', 600]],
  ],
  ['a value that is empty', ['screenshot_interval ='], undefined, []],
  [
    'a value that does not fit beside others',
    ['bucket_name = Upper_Case', 'prefix = mine'],
    'bucket_name at AWS takes 3 to 63 lower-case letters, digits, dots and hyphens; for another server, set the endpoint first',
    [['prefix', 'mine']],
  ],
  [
    'a placeholder',
    ['bucket_name = your-s3-bucket-name', 'prefix = mine'],
    'bucket_name is still a placeholder',
    [['prefix', 'mine']],
  ],
  [
    'several, among them no line at all',
    ['blur_screenshots = perhaps', 'what is this', 'prefix = mine'],
    '2 in all; each is listed above',
    [['prefix', 'mine']],
  ],
]
for (const [what, lines, detail, expected] of imports)
  test(`an import of ${what} ${detail === undefined ? 'is whole' : 'is none without saying so, and the rest is taken'}`, async () => {
    const { run, said, changed } = script(['[settings]', ...lines].join('\n'))
    const importing = run('import', 'config.txt')
    if (detail === undefined) await importing
    else await assert.rejects(importing, { code: 'IMPORT_INCOMPLETE', detail })
    assert.deepEqual(changed, expected)
    assert.equal(
      said.filter(line => line.startsWith('refused ')).length,
      detail === undefined ? 0 : detail.startsWith('2') ? 2 : 1,
    )
    assert.equal(said.filter(line => line.startsWith('imported ')).length, expected.length)
  })

test('a short id is not shown, because little of it would be hidden', async () => {
  const { run, said } = script('anna\nabc')
  await run('credentials', 'set', '--file')
  assert.deepEqual(said, ['Stored in the file: [set] with its secret [set]'])
})

test('forgetting says from where, and that nothing was there', async () => {
  const { run, said, file } = script('')
  file.given.push('something')
  await run('credentials', 'forget')
  await run('credentials', 'forget')
  assert.deepEqual(said, ['Deleted from the file.', 'No credentials were stored.'])
})

function revealed(given: unknown) {
  // As the command has handed it to the store.
  const { accessKeyId, secretAccessKey, sessionToken } = given as Parameters<SecretStore['write']>[1] & {
    accessKeyId: string
    secretAccessKey: { reveal(): string }
    sessionToken?: { reveal(): string }
  }
  return [accessKeyId, secretAccessKey.reveal(), sessionToken?.reveal()]
}
