import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { keyFilesOf } from '../../native-host/adapters/seal/confirmed-keys.ts'
import { openMemory } from '../../native-host/adapters/store/memory-sqlite.ts'
import { openDatabase } from '../../native-host/adapters/store/sqlite.ts'
import { openKeys } from '../../native-host/agent/keys.ts'
import { keyAccess } from '../../native-host/programs/cli-keys.ts'
import { consentVersion } from '../../protocol/consent.ts'
import type { Problem } from '../../protocol/errors.ts'
import { tapAgent } from '../support/agent-tap.ts'
import { builtProgram } from '../support/built-program.ts'
import { openWithAge } from '../support/opened-objects.ts'
import { createTrackerHome, type TrackerHome } from '../support/tracker-home.ts'
import { waitFor } from '../support/wait-for.ts'
import { startHere } from './start-outcome.ts'

type Tap = Awaited<ReturnType<typeof tapAgent>>

async function once<T>(home: TrackerHome, act: (tap: Tap) => Promise<T>): Promise<T> {
  await using agent = await startHere(home)
  assert.equal(agent.refused, undefined)
  using tap = await tapAgent(home.places)
  return await act(tap)
}

/** What the next start makes of the files, as the agent does it; whole agents are started where they are to go on. */
async function nextStart({
  places,
}: TrackerHome): Promise<{ recipients: readonly string[]; notices: Problem[] }> {
  const { db } = openDatabase(places.stateDb)
  try {
    const memory = openMemory(db)
    const { current, problem } = await openKeys(places, memory, memory.get('device') !== undefined)
    const { recipients } = current.value
    return { recipients, notices: problem.value ? [problem.value] : [] }
  } finally {
    db.close()
  }
}

async function run({ env, root }: TrackerHome, ...words: string[]): Promise<string> {
  const program = ['--no-warnings', builtProgram('cli'), ...words]
  const { stdout } = await promisify(execFile)(process.execPath, program, { env, cwd: root })
  return stdout
}

async function codeOf(home: TrackerHome, ...words: string[]): Promise<string> {
  return run(home, ...words, '--json').then(
    () => 'ok',
    (error: { stderr: string }) => JSON.parse(error.stderr).error.code,
  )
}

function recipientsIn({ places }: TrackerHome): string[] {
  return readFileSync(places.recipients, 'utf8')
    .split('\n')
    .filter(line => line.startsWith('age1'))
}

async function inTerminal({ env, root }: TrackerHome, words: string[], answer: string): Promise<string> {
  const command = [process.execPath, '--no-warnings', builtProgram('cli'), ...words].join(' ')
  const terminal = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    env: { ...env, TERM: 'xterm' },
    cwd: root,
  })
  let seen = ''
  terminal.stdout.on('data', chunk => {
    seen += chunk
  })
  const ended = new Promise(resolve => terminal.once('close', resolve))
  await waitFor('the question', () => seen.includes('[y/N]'))
  terminal.stdin.write(`${answer}\r`)
  await ended
  return seen
}

/** As a person does who looks first: with the code of what was found. */
async function confirm(home: TrackerHome): Promise<void> {
  const asked = await run(home, 'keys', 'confirm', '--json').catch(
    (error: { stderr: string }) => error.stderr,
  )
  const code = /keys confirm (\w+)/.exec(asked)?.[1]
  assert.ok(code, asked)
  await run(home, 'keys', 'confirm', code)
}

async function stranger(): Promise<string> {
  return identityToRecipient(await generateX25519Identity())
}

const noticesOf = ({ notices }: { notices: readonly Problem[] }) => notices.map(({ code }) => code)

/** A tracker that has recorded for its own identity and a second recipient, and has ended. */
const template = await createTrackerHome()
after(() => template[Symbol.asyncDispose]())
const colleague = await generateX25519Identity()
await keyAccess(template.places).create(undefined)
await keyAccess(template.places).add(await identityToRecipient(colleague))
await once(template, tap => tap.ask({ type: 'acknowledge', text_version: consentVersion }))
const recipients = recipientsIn(template)

async function livedHome(): Promise<TrackerHome> {
  const home = await createTrackerHome()
  cpSync(template.places.home, home.places.home, { recursive: true })
  return home
}

test('what is recorded meanwhile opens with the second key, and the change and its end are in the records', async () => {
  await using home = await livedHome()
  rmSync(home.places.recipients)
  await once(home, async tap => {
    const { keys } = await tap.status()
    assert.deepEqual(keys.recipients, recipients)
    await run(home, 'keys', 'restore')
    await waitFor('the notice to end', async () => noticesOf(await tap.status()).length === 0)
    const third = await stranger()
    await run(home, 'keys', 'add-recipient', third)
    await waitFor('the third', async () => (await tap.status()).keys.recipients.includes(third))
    await tap.ask({ type: 'stop' })
  })
  const key = join(home.root, 'colleague.txt')
  writeFileSync(key, `${colleague}\n`, { mode: 0o600 })
  const { records } = await openWithAge(home.places.delivered, key)
  const changed = records.filter(({ kind }) => kind === 'keys.changed')
  assert.deepEqual(
    changed.map(record => record.kind === 'keys.changed' && [record.state, record.after.recipients.length]),
    [
      ['found', 0],
      ['confirmed', 3],
    ],
  )
})

test('a change that a person confirms counts from then on', async () => {
  await using home = await livedHome()
  const [own = ''] = recipients
  writeFileSync(home.places.recipients, `${own}\n`)
  rmSync(home.places.deviceKey)
  await once(home, async tap => {
    await waitFor('the notice', async () => noticesOf(await tap.status()).includes('KEYS_CHANGED'))
    assert.match(await run(home, 'keys', 'show'), /NOT CONFIRMED/)
    await confirm(home)
    await waitFor('its end', async () => noticesOf(await tap.status()).length === 0)
    assert.deepEqual((await tap.status()).keys.recipients, [own])
  })
  const next = await nextStart(home)
  assert.deepEqual([next.recipients, noticesOf(next)], [[own], []])
})

test('adding a recipient confirms that one, and nothing else', async () => {
  await using home = await livedHome()
  rmSync(home.places.recipients)
  const third = await stranger()
  await keyAccess(home.places).add(third)
  const next = await nextStart(home)
  assert.deepEqual(next.recipients, [...recipients, third])
  assert.match(next.notices[0]?.detail ?? '', /^recipients missing: age1\S+$/)
})

test('where the memory in the file is lost, adding a recipient does not confirm that others are gone', async () => {
  await using home = await livedHome()
  rmSync(home.places.confirmedKeys)
  rmSync(home.places.recipients)
  const third = await stranger()
  await keyAccess(home.places).add(third)
  const next = await nextStart(home)
  assert.deepEqual(next.recipients, [...recipients, third])
  assert.deepEqual(noticesOf(next), ['KEYS_CHANGED'])
})

test('nothing is confirmed that was not seen', async () => {
  await using home = await livedHome()
  const [own = ''] = recipients
  writeFileSync(home.places.recipients, `${own}\n`)
  assert.equal(await codeOf(home, 'keys', 'confirm'), 'USAGE')
  const { code, unconfirmed } = JSON.parse(await run(home, 'keys', 'show', '--json'))
  assert.match(unconfirmed, /^recipients missing: age1/)
  // What is found now is another thing than what was shown.
  writeFileSync(home.places.recipients, `${own}\n${await stranger()}\n`)
  assert.equal(await codeOf(home, 'keys', 'confirm', code), 'KEYS_CODE_WRONG')
  assert.deepEqual((await keyAccess(home.places).show()).recipients, recipients)
  writeFileSync(home.places.recipients, `${own}\n`)
  assert.equal(await codeOf(home, 'keys', 'confirm', code), 'ok')
  assert.deepEqual((await nextStart(home)).recipients, [own])
})

test('in a terminal the change is shown, and only a yes confirms it', async () => {
  await using home = await livedHome()
  const [own = ''] = recipients
  writeFileSync(home.places.recipients, `${own}\n`)
  for (const [answer, says] of [
    ['', /Nothing was confirmed/],
    ['y', /Confirmed: recipients missing/],
  ] as const) {
    const seen = await inTerminal(home, ['keys', 'confirm'], answer)
    assert.match(seen, /Found: recipients missing: age1\S+\.[\s\S]*recipient {2}age1[\s\S]*\[y\/N\]/)
    assert.match(seen, says)
  }
  assert.deepEqual((await nextStart(home)).recipients, [own])
})

test('an older set that is put back with its list stays unconfirmed, also when keys are added to it', async () => {
  await using home = await livedHome()
  const { confirmedKeys, recipients: list } = home.places
  const older = [confirmedKeys, list].map(path => [path, readFileSync(path)] as const)
  const third = await stranger()
  await keyAccess(home.places).add(third)
  const last = [...recipients, third]
  assert.deepEqual((await nextStart(home)).recipients, last)
  for (const [path, bytes] of older) writeFileSync(path, bytes)
  assert.match(await run(home, 'keys', 'show'), /NOT CONFIRMED: recipients missing/)
  const more = [await stranger(), await stranger(), await stranger()]
  for (const recipient of more) await keyAccess(home.places).add(recipient)
  const next = await nextStart(home)
  assert.deepEqual([next.recipients, noticesOf(next)], [[...last, ...more], ['KEYS_CHANGED']])
})

describe('while the tracker runs', () => {
  type Attack = [what: string, says: RegExp, attack: (home: TrackerHome) => unknown]
  const attacks: Attack[] = [
    ['the list is deleted', /recipients missing/, ({ places }) => rmSync(places.recipients)],
    [
      'the list is another, with the confirmed set',
      /recipients added/,
      async ({ places }) => {
        const theirs = await stranger()
        const set = JSON.parse(readFileSync(places.confirmedKeys, 'utf8'))
        writeFileSync(places.confirmedKeys, JSON.stringify({ ...set, recipients: [theirs] }))
        writeFileSync(places.recipients, `${theirs}\n`)
      },
    ],
    [
      'the list is replaced in one step',
      /recipients added/,
      async ({ places, root }) => {
        writeFileSync(join(root, 'list'), `${await stranger()}\n`)
        renameSync(join(root, 'list'), places.recipients)
      },
    ],
    ['others may write the list', /PLACE_NOT_SAFE/, ({ places }) => chmodSync(places.recipients, 0o666)],
    [
      'the list is a link',
      /PLACE_NOT_SAFE/,
      ({ places, root }) => {
        renameSync(places.recipients, join(root, 'list'))
        symlinkSync(join(root, 'list'), places.recipients)
      },
    ],
    ['the list is cut off', /recipients missing/, ({ places }) => writeFileSync(places.recipients, '# age')],
    [
      'the identity is another',
      /identity on this computer is different/,
      async ({ places }) => writeFileSync(places.identity, `${await generateX25519Identity()}\n`),
    ],
    [
      'the identity is deleted',
      /identity on this computer is missing/,
      ({ places }) => rmSync(places.identity),
    ],
    ['the device key is deleted', /device key is missing/, ({ places }) => rmSync(places.deviceKey)],
    [
      'the device key is damaged',
      /device key is missing/,
      ({ places }) => writeFileSync(places.deviceKey, 'x'),
    ],
    [
      'the confirmed set is a link',
      /confirmed-keys\.json is a link/,
      ({ places, root }) => {
        rmSync(places.confirmedKeys)
        symlinkSync(join(root, 'list'), places.confirmedKeys)
      },
    ],
    [
      'the confirmed set, the database and the list are deleted',
      /recipients missing/,
      ({ places }) => [places.confirmedKeys, places.stateDb, places.recipients].map(path => rmSync(path)),
    ],
  ]

  test('each change is noticed within seconds, and sealing goes on for those who were confirmed', async () => {
    await using home = await livedHome()
    await once(home, async tap => {
      const saved = keyFilesOf(home.places).map(path => [path, readFileSync(path)] as const)
      for (const [what, says, attack] of attacks) {
        await attack(home)
        const status = await waitFor(what, async () => {
          const now = await tap.status()
          return now.notices.some(({ detail }) => says.test(detail ?? '')) && now
        })
        assert.deepEqual(status.keys.recipients, recipients, what)
        for (const [path, bytes] of saved) {
          rmSync(path, { force: true })
          writeFileSync(path, bytes, { mode: 0o600 })
        }
        await waitFor(`the end of it: ${what}`, async () => noticesOf(await tap.status()).length === 0)
      }
    })
  })

  test('a key that is added after the confirmed set was deleted confirms nothing else', async () => {
    await using home = await livedHome()
    await once(home, async tap => {
      const theirs = await stranger()
      writeFileSync(home.places.recipients, `${theirs}\n`)
      for (const path of [home.places.confirmedKeys, home.places.stateDb]) rmSync(path)
      const third = await stranger()
      await run(home, 'keys', 'add-recipient', third)
      const status = await tap.status()
      assert.deepEqual(
        [status.keys.recipients, noticesOf(status)],
        [[...recipients, third], ['KEYS_CHANGED']],
      )
    })
  })

  test('the records say it before the next object is sealed', async () => {
    await using home = await livedHome()
    await once(home, async tap => {
      rmSync(home.places.recipients)
      await tap.ask({ type: 'stop' })
    })
    const { records } = await openWithAge(home.places.delivered, home.places.identity)
    const changed = records.findIndex(({ kind }) => kind === 'keys.changed')
    assert.ok(changed >= 0 && changed < records.findLastIndex(({ kind }) => kind === 'agent.ended'))
  })
})

for (const list of [[], ['age1x']])
  test(`a confirmed set without a usable recipient is none: ${JSON.stringify(list)}`, async () => {
    await using home = await livedHome()
    const damaged = { recipients: list, identities: [], device: null }
    writeFileSync(home.places.confirmedKeys, JSON.stringify(damaged))
    assert.deepEqual((await nextStart(home)).recipients, recipients)
  })

describe('a tracker that has lost what it knew', () => {
  const lose = ({ places }: TrackerHome, ...more: string[]) => {
    for (const path of [places.stateDb, places.confirmedKeys, ...more]) rmSync(path)
  }

  test('makes no new key, records nothing and says why', async () => {
    await using home = await livedHome()
    lose(home, home.places.recipients, home.places.identity, home.places.deviceKey)
    assert.equal(await codeOf(home, 'doctor'), 'KEYS_UNCONFIRMED')
    await once(home, async tap => {
      await tap.ask({ type: 'acknowledge', text_version: consentVersion })
      const status = await waitFor('the state', async () => {
        const now = await tap.status()
        return now.state.kind === 'blocked' && now
      })
      assert.deepEqual(
        [status.state.kind === 'blocked' && status.state.problem.code, status.keys.recipients],
        ['KEYS_UNCONFIRMED', []],
      )
      assert.equal(readdirSync(home.places.home).includes('recipients.txt'), false)
      await run(home, 'keys', 'new')
      await waitFor('a key', async () => (await tap.status()).keys.recipients.length === 1)
    })
  })

  test('takes the keys that are there once they are confirmed', async () => {
    await using home = await livedHome()
    lose(home)
    await once(home, async tap => {
      await tap.ask({ type: 'acknowledge', text_version: consentVersion })
      assert.deepEqual((await tap.status()).keys.recipients, [])
      await assert.rejects(keyAccess(home.places).add(await stranger()), { code: 'KEYS_UNCONFIRMED' })
      await confirm(home)
      await waitFor('them', async () => (await tap.status()).keys.recipients.length === 2)
    })
    assert.deepEqual((await nextStart(home)).recipients, recipients)
  })
})

test('a first start is none of this, even where it was cut short or another program put recipients there', async () => {
  await using home = await createTrackerHome()
  const theirs = await stranger()
  await keyAccess(home.places).add(theirs)
  const next = await nextStart(home)
  assert.deepEqual([next.recipients, noticesOf(next)], [[theirs], []])
  await using other = await createTrackerHome()
  await keyAccess(other.places).create(undefined)
  assert.deepEqual(noticesOf(await nextStart(other)), [])
})
