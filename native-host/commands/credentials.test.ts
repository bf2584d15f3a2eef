import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AppError } from '../../protocol/errors.ts'
import { defaultSettings } from '../../protocol/settings.ts'
import type { SecretStore } from '../core/stored-secrets.ts'
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
function script(input: string, answers?: readonly string[]) {
  const [keychain, file] = [memoryStore(), memoryStore()]
  const said: string[] = []
  const asked: string[] = []
  const changed: unknown[] = []
  const left = [...(answers ?? [])]
  const context = {
    terminal: {
      out: async text => void said.push(String(text)),
      err: text => void said.push(text),
      interactive: answers !== undefined,
      overwrites: false,
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
    readFile: async () => new TextEncoder().encode(input),
    openSettings: async () => ({
      current: { value: defaultSettings, watch: () => undefined },
      change: async (name, value) => void changed.push([name, value]),
      problems: [],
    }),
    agent: { connect: () => Promise.reject(Object.assign(new Error(), { code: 'AGENT_UNREACHABLE' })) },
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
  ['nothing', '', 'the access key id is missing or has an impossible form'],
  ['no secret', `${id}\n`, 'the secret access key is missing or has an impossible form'],
  ['a secret with a space', `${id}\na b\n`, 'the secret access key is missing or has an impossible form'],
  ['a token with a quote', `${id}\nabc\na"b\n`, 'the session token is missing or has an impossible form'],
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
  assert.deepEqual(said, ['Kept in the file: AKIA…MPLE with its secret [set] and session token [set]\n'])
})

test('a person is asked, and sees nothing of the secrets', async () => {
  const { run, file, asked } = script('', [id, 'abc', ''])
  await run('credentials', 'set', '--file')
  assert.deepEqual(revealed(file.given[0]), [id, 'abc', undefined])
  assert.deepEqual(asked, [
    'shown: Access key id: ',
    'hidden: Secret access key: ',
    'hidden: Session token, if there is one: ',
  ])
})

test('a short id is not shown, because little of it would be hidden', async () => {
  const { run, said } = script('anna\nabc\n')
  await run('credentials', 'set', '--file')
  assert.deepEqual(said, ['Kept in the file: [set] with its secret [set]\n'])
})

test('forgetting says from where, and that nothing was there', async () => {
  const { run, said, file } = script('')
  file.given.push('something')
  await run('credentials', 'forget')
  await run('credentials', 'forget')
  assert.deepEqual(said, ['Deleted from the file.\n', 'There was nothing to forget.\n'])
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
