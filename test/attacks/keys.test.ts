import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { consentVersion } from '../../protocol/consent.ts'
import type { Status } from '../../protocol/status.ts'
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

const statusOf = (home: TrackerHome): Promise<Status> => once(home, tap => tap.status())

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

async function stranger(): Promise<string> {
  return identityToRecipient(await generateX25519Identity())
}

const noticesOf = ({ notices }: Status) => notices.map(({ code }) => code)

/** A tracker that has recorded for its own identity and a second recipient, and has ended. */
const template = await createTrackerHome()
after(() => template[Symbol.asyncDispose]())
const colleague = await generateX25519Identity()
await run(template, 'keys', 'new')
await run(template, 'keys', 'add-recipient', await identityToRecipient(colleague))
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
    await run(home, 'keys', 'confirm')
    await waitFor('its end', async () => noticesOf(await tap.status()).length === 0)
    assert.deepEqual((await tap.status()).keys.recipients, [own])
  })
  const status = await statusOf(home)
  assert.deepEqual([status.keys.recipients, noticesOf(status)], [[own], []])
})

test('adding a recipient confirms that one, and nothing else', async () => {
  await using home = await livedHome()
  rmSync(home.places.recipients)
  const third = await stranger()
  await run(home, 'keys', 'add-recipient', third)
  const status = await statusOf(home)
  assert.deepEqual(status.keys.recipients, [...recipients, third])
  assert.match(status.notices[0]?.detail ?? '', /^recipients that are gone: age1\S+$/)
})

test('where the memory in the file is lost, adding a recipient does not confirm that others are gone', async () => {
  await using home = await livedHome()
  rmSync(home.places.confirmedKeys)
  rmSync(home.places.recipients)
  await run(home, 'keys', 'add-recipient', await stranger())
  const status = await statusOf(home)
  assert.deepEqual(status.keys.recipients, recipients)
  assert.deepEqual(noticesOf(status), ['KEYS_CHANGED'])
})

for (const list of [[], ['age1x']])
  test(`a confirmed set that nobody can be sealed for is none: ${JSON.stringify(list)}`, async () => {
    await using home = await livedHome()
    const damaged = { recipients: list, identities: [], device: null }
    writeFileSync(home.places.confirmedKeys, JSON.stringify(damaged))
    assert.deepEqual((await statusOf(home)).keys.recipients, recipients)
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
      await run(home, 'keys', 'confirm')
      await waitFor('them', async () => (await tap.status()).keys.recipients.length === 2)
    })
    assert.deepEqual((await statusOf(home)).keys.recipients, recipients)
  })
})

test('a first start is none of this, even where it was cut short or somebody put recipients there', async () => {
  await using home = await createTrackerHome()
  const theirs = await stranger()
  await run(home, 'keys', 'add-recipient', theirs)
  const status = await statusOf(home)
  assert.deepEqual([status.keys.recipients, noticesOf(status)], [[theirs], []])
  await using other = await createTrackerHome()
  await run(other, 'keys', 'new')
  assert.deepEqual(noticesOf(await statusOf(other)), [])
})
