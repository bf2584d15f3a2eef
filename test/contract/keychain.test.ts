import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { errorRows } from '../../protocol/errors.ts'
import { startSecretService } from '../support/secret-service.ts'
import { allowTracker } from '../support/tracker-home.ts'
import { waitFor } from '../support/wait-for.ts'

const cli = join(import.meta.dirname, '../../native-host/programs/cli.ts')
const id = 'AKIAIOSFODNN7EXAMPLE'
const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'

/** A person’s account with this keychain, or with none. */
async function account(env: Record<string, string>) {
  const home = await mkdtemp(join(tmpdir(), 'at-credentials-'))
  await allowTracker({ ACTIVITY_TRACKER_HOME: home })
  return {
    home,
    async run(args: string[], input = ''): Promise<{ code: number | null; out: string; err: string }> {
      const child = spawn(process.execPath, [cli, ...args], {
        env: { PATH: '/usr/bin:/bin', ...env, ACTIVITY_TRACKER_HOME: home },
      })
      const ended = new Promise<number | null>(resolve => child.once('close', resolve))
      child.stdin.end(input)
      const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
      return { code: await ended, out, err }
    },
    [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }),
  }
}

test('credentials go into a real keychain, are shown without the secret, used, and forgotten', async () => {
  await using service = await startSecretService('unlocked')
  await using it = await account(service.env)
  const kept = await it.run(['credentials', 'set', '--json'], `${id}\n${secret}\n`)
  assert.deepEqual(JSON.parse(kept.out), {
    access_key_id: 'AKIA…MPLE',
    secret_access_key: '[set]',
    session_token: null,
    kept_in: 'keychain',
  })
  assert.equal(
    await readFile(join(it.home, 'config.json'), 'utf8').then(file => JSON.parse(file).credentials),
    'keychain',
  )

  const shown = await it.run(['credentials', 'show'])
  assert.match(shown.out, /^source +keychain\nkeychain +AKIA…MPLE with its secret \[set\]\nfile +nothing\n$/)
  for (const { out, err } of [kept, shown]) assert.ok(!(out + err).includes(secret))

  assert.deepEqual(await used(service.env), { accessKeyId: id, secretAccessKey: secret })

  const forgotten = await it.run(['credentials', 'forget', '--json'])
  assert.deepEqual(JSON.parse(forgotten.out), { forgotten_from: ['keychain'] })
  assert.match((await it.run(['credentials', 'show'])).out, /\nkeychain +nothing\n/)
})

test('the login of a proxy goes into the same keychain, beside the credentials', async () => {
  await using service = await startSecretService('unlocked')
  await using it = await account(service.env)
  const kept = await it.run(['credentials', 'set', '--proxy'], 'anna\npass word\n')
  assert.equal(kept.out, 'Stored in the keychain: proxy login [set]\n')
  assert.match((await it.run(['credentials', 'show'])).out, /\nkeychain +proxy login \[set\]\n/)
  assert.ok(!(kept.out + kept.err).includes('pass word'))
})

test('uninstall leaves the keychain alone and says so; with --purge both entries are listed and gone', async () => {
  await using service = await startSecretService('unlocked')
  await using it = await account(service.env)
  await it.run(['credentials', 'set'], `${id}\n${secret}\n`)
  await it.run(['credentials', 'set', '--proxy'], 'anna\npass word\n')
  const kept = await it.run(['uninstall'])
  assert.match(kept.out, /stay in .*\. Credentials that you stored in the keychain stay there\./)
  assert.match((await it.run(['credentials', 'show'])).out, /AKIA…MPLE with its secret \[set\]/)

  const asked = await it.run(['uninstall', '--purge'])
  assert.equal(asked.code, 64)
  for (const what of ['bucket credentials', 'proxy login'])
    assert.ok(asked.err.includes(`in the keychain: the ${what}`), asked.err)
  const purged = await it.run(['uninstall', '--purge', '--yes', '--json'])
  const { keychain, kept: stays } = JSON.parse(purged.out)
  assert.deepEqual([keychain, /keychain/.test(stays.join())], [['s3', 'proxy'], false])
  const left = await it.run(['credentials', 'show'])
  assert.ok(!/AKIA|proxy login/.test(left.out), left.out)
  await assert.rejects(used(service.env))
})

test('a keychain that does not answer keeps its entries, and purge says so', async () => {
  await using it = await account({})
  const purged = await it.run(['uninstall', '--purge', '--yes', '--json'])
  assert.equal(purged.code, 0, purged.err)
  assert.match(
    JSON.parse(purged.out).kept.join(),
    /entries in the keychain, if you made any: the keychain is not available/,
  )
})

const unavailable: [name: string, env: () => ReturnType<typeof startSecretService> | undefined][] = [
  ['there is no bus', () => undefined],
  ['the keychain is locked, and no user unlocks it', () => startSecretService('locked')],
]
for (const [name, start] of unavailable) {
  test(`${name}: nothing is kept, and it says what else there is`, async () => {
    await using service = await start()
    await using it = await account(service?.env ?? {})
    const { code, out, err } = await it.run(['credentials', 'set', '--json'], `${id}\n${secret}\n`)
    assert.equal(code, 69)
    assert.equal(out, '')
    assert.equal(JSON.parse(err).error.code, 'KEYCHAIN_UNAVAILABLE')
    assert.match(JSON.parse(err).error.next, /credentials set --file/)
    assert.ok(!err.includes(secret))
  })
}

/** As the agent looks them up, in a process that sees this keychain. */
async function used(env: Record<string, string>): Promise<unknown> {
  const module = join(
    import.meta.dirname,
    '../../native-host/adapters/destination/credentials/credential-source.ts',
  )
  const program = `
    const { openCredentials } = await import(${JSON.stringify(module)})
    const provider = await openCredentials({ from: 'keychain', profile: '', region: '', transport: {} }, '/nowhere')
    const { accessKeyId, secretAccessKey } = await provider()
    console.log(JSON.stringify({ accessKeyId, secretAccessKey }))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { env })
  return JSON.parse(await text(child.stdout))
}

type Session = {
  seen(): string
  type(text: string): void
  until(question: string): Promise<unknown>
  ended: Promise<number | null>
}

/** `credentials set --file` in a real terminal. */
function askedInTerminal(home: string): Session {
  const command = [process.execPath, cli, 'credentials', 'set', '--file'].join(' ')
  const terminal = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    env: { PATH: '/usr/bin:/bin', ACTIVITY_TRACKER_HOME: home, TERM: 'xterm' },
  })
  let seen = ''
  terminal.stdout.on('data', chunk => {
    seen += chunk
  })
  terminal.stdin.on('error', () => undefined)
  return {
    seen: () => seen,
    type: text => void terminal.stdin.write(text),
    until: question => waitFor(question, () => seen.includes(question)),
    ended: new Promise(resolve => terminal.once('close', resolve)),
  }
}

const showsNothingOf = (seen: string) =>
  assert.ok(!seen.includes(secret.slice(0, 8)) && !seen.includes(secret.slice(-8)), seen)

test('in a real terminal, what is typed is seen only where it is no secret', async () => {
  await using it = await account({})
  const terminal = askedInTerminal(it.home)
  const answers: [question: string, answer: string][] = [
    ['Access key ID:', id],
    ['Secret access key:', secret],
    ['Session token', ''],
  ]
  for (const [question, answer] of answers) {
    await terminal.until(question)
    terminal.type(`${answer}\r`)
  }
  assert.equal(await terminal.ended, 0)
  assert.match(terminal.seen(), new RegExp(`Access key ID: .*${id}`))
  showsNothingOf(terminal.seen())
  assert.match(await readFile(join(it.home, 'credentials'), 'utf8'), /aws_secret_access_key=wJalrX/)
})

const pastes: [what: string, pieces: string[]][] = [
  ['at once', [`${id}\r${secret}\r\r`]],
  ['at once, with line ends of a file', [`${id}\r\n${secret}\r\n\r\n`]],
  ['at once, with more behind it', [`${id}\n${secret}\n\n${secret}\n${secret}`]],
  ['in pieces', [id.slice(0, 5), id.slice(5), '\r', secret.slice(0, 9), `${secret.slice(9)}\r`, '\r']],
]
for (const [how, pieces] of pastes)
  test(`in a real terminal, lines that are pasted ${how} answer one question each, and no secret is seen`, async () => {
    await using it = await account({})
    const terminal = askedInTerminal(it.home)
    await terminal.until('Access key ID:')
    for (const piece of pieces) terminal.type(piece)
    assert.equal(await terminal.ended, 0, terminal.seen())
    showsNothingOf(terminal.seen())
    assert.match(
      await readFile(join(it.home, 'credentials'), 'utf8'),
      new RegExp(`aws_secret_access_key=${secret.replace('+', '\\+')}\n`),
    )
  })

test('in a real terminal, what is pasted behind an answer that is none is not seen either', async () => {
  await using it = await account({})
  const terminal = askedInTerminal(it.home)
  await terminal.until('Access key ID:')
  terminal.type(`no key id\r${secret}\r`)
  assert.equal(await terminal.ended, errorRows.CREDENTIALS_INVALID.exit)
  assert.ok(terminal.seen().includes('the access key ID is missing or not valid'))
  showsNothingOf(terminal.seen())
})
