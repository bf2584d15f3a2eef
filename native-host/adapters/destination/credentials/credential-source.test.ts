import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { setImmediate as immediate } from 'node:timers/promises'
import { toProblem } from '../../../../protocol/errors.ts'
import type { Settings } from '../../../../protocol/settings.ts'
import { budgets } from '../../../kernel/budgets.ts'
import { Secret } from '../../../kernel/secret.ts'
import { s3Transport } from '../s3/transport.ts'
import { openCredentials } from './credential-source.ts'
import { credentialsFile } from './credentials-file.ts'

// The files and variables of the AWS tools; the keychain is in test/contract/keychain.test.ts.

const folder = mkdtempSync(join(tmpdir(), 'at-aws-'))
const kept = join(folder, 'credentials')
const program = `${process.execPath} -p 'JSON.stringify({Version:1,AccessKeyId:"of-program",SecretAccessKey:"s"})'`
const stale = program.replace('Version:1', 'Version:1,Expiration:"2020-01-01T00:00:00Z"')
/** It waits for a code that a person types, and counts how often it was started. */
const asks = `echo started >> ${join(folder, 'starts')}; read id < ${join(folder, 'code')}; ${program.replace('"of-program"', '"\'$id\'"')}`
const curious = join(folder, 'curious.mjs')
const answer = '{Version:1,AccessKeyId:Object.keys(process.env).sort().join(),SecretAccessKey:"s"}'
const variables = {
  HOME: folder,
  AWS_CONFIG_FILE: join(folder, 'config'),
  AWS_SHARED_CREDENTIALS_FILE: join(folder, 'shared'),
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_PROFILE: undefined,
}
const valuesBefore = new Map<string, string | undefined>()

function setAll(values: Iterable<readonly [string, string | undefined]>): void {
  for (const [name, value] of values) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
}

before(() => {
  for (const name of Object.keys(variables)) valuesBefore.set(name, process.env[name])
  writeFileSync(curious, `console.log(JSON.stringify(${answer}))`)
  const shared = '[default]\naws_access_key_id=of-default\naws_secret_access_key=s\n'
  writeFileSync(
    variables.AWS_SHARED_CREDENTIALS_FILE,
    `${shared}[work]\naws_access_key_id=of-work\naws_secret_access_key=s\n`,
  )
  writeFileSync(
    variables.AWS_CONFIG_FILE,
    `[profile tool]\ncredential_process = ${program}\n
[profile curious]\ncredential_process = ${process.execPath} ${curious}\n
[profile office]\nsso_start_url = https://example.awsapps.com/start\nsso_region = eu-central-1
sso_account_id = 012345678901\nsso_role_name = Reader\n
[profile yesterday]\nsso_start_url = https://yesterday.test/start\nsso_region = eu-central-1
sso_account_id = 012345678901\nsso_role_name = Reader\n
[profile session]\nsso_session = s\nsso_account_id = 012345678901\nsso_role_name = Reader\n
[profile asks]\ncredential_process = ${asks}\n
[sso-session s]\nsso_start_url = https://session.test/start\nsso_region = eu-central-1\n
[profile stale]\ncredential_process = ${stale}\n
[profile failing]\ncredential_process = echo "The session has expired. SECRET" >&2; exit 1\n`,
  )
  const token = JSON.stringify({ accessToken: 'x', expiresAt: '2020-01-01T00:00:00Z' })
  const cache = join(folder, '.aws/sso/cache')
  mkdirSync(cache, { recursive: true })
  for (const name of ['https://yesterday.test/start', 's'])
    writeFileSync(join(cache, `${hash('sha1', name)}.json`), token)
})
beforeEach(() => setAll(Object.entries(variables)))
afterEach(() => rmSync(kept, { force: true }))
after(() => {
  setAll(valuesBefore)
  rmSync(folder, { recursive: true })
})

async function find(from: Settings['credentials'], profile = ''): Promise<string> {
  // A server that lends credentials over the network would be asked through this.
  const agents = {} as Parameters<typeof s3Transport>[0]
  const transport = s3Transport(agents, 1)
  const provider = await openCredentials({ from, profile, region: 'eu-central-1', transport }, kept)
  return (await provider()).accessKeyId
}

const keep = () =>
  credentialsFile(kept).write('s3', { accessKeyId: 'of-tracker', secretAccessKey: new Secret('s') })
const setEnvironment = () =>
  setAll([
    ['AWS_ACCESS_KEY_ID', 'of-environment'],
    ['AWS_SECRET_ACCESS_KEY', 's'],
  ])

type Row = [name: string, from: Settings['credentials'], profile: string, found: string]
const rows: Row[] = [
  ['automatic: those that the tracker keeps, before all others', 'automatic', '', 'of-tracker'],
  ['environment: the variables, before all other sources', 'environment', '', 'of-environment'],
  ['profile: the default one, before the variables', 'profile', '', 'of-default'],
  ['profile: the one that is named', 'profile', 'work', 'of-work'],
  ['process: the program of the profile', 'process', 'tool', 'of-program'],
]
for (const [name, from, profile, found] of rows) {
  test(name, async () => {
    await keep()
    setEnvironment()
    assert.equal(await find(from, profile), found)
  })
}

test('automatic, and the tracker keeps none: where the AWS tools look', async () => {
  assert.equal(await find('automatic'), 'of-default')
  setEnvironment()
  assert.equal(await find('automatic'), 'of-environment')
})

const missing: [name: string, from: Settings['credentials'], profile: string][] = [
  ['no variables are set', 'environment', ''],
  ['there is no such profile', 'profile', 'nobody'],
  ['the profile has no program', 'process', 'work'],
]
for (const [name, from, profile] of missing) {
  test(`${from}, and ${name}: no other credentials are used`, async () => {
    await keep()
    await assert.rejects(find(from, profile), (error: Error) => {
      assert.match(error.name, /^(Credentials|Token)?ProviderError$/)
      return true
    })
  })
}

const signIn = (profile: string) => `renew them: aws sso login --profile ${profile}`
const again = (profile: string) =>
  `renew them: sign in again where the credential_process of profile ${profile} gets them`
const over: [name: string, from: Settings['credentials'], profile: string, how: string][] = [
  ['the user has not signed in', 'sso', 'office', signIn('office')],
  ['the user has not signed in, found by the profile', 'profile', 'office', signIn('office')],
  ['the user has not signed in, found where the AWS tools look', 'automatic', 'office', signIn('office')],
  ['the session of yesterday', 'sso', 'yesterday', signIn('yesterday')],
  ['the session of yesterday, of a newer kind', 'automatic', 'session', signIn('session')],
  ['a program that gives old ones', 'process', 'stale', again('stale')],
  ['a program that gives old ones, by the profile', 'profile', 'stale', again('stale')],
  ['a program that gives old ones, where the AWS tools look', 'automatic', 'stale', again('stale')],
  ['a program that fails with its own words', 'process', 'failing', again('failing')],
]
for (const [name, from, profile, how] of over) {
  test(`${from}, and ${name}: they have expired, and ${how}`, async () => {
    await assert.rejects(find(from, profile), (error: unknown) => {
      assert.deepEqual(toProblem(error), { code: 'UPLOAD_CREDENTIALS_EXPIRED', detail: how })
      return true
    })
  })
}

for (const from of ['process', 'profile', 'automatic'] as const) {
  test(`${from}: a program that waits for a person is said to, and its answer is taken by the next try`, async t => {
    execFileSync('mkfifo', [join(folder, 'code')])
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const { credentialPatience, credentialTime } = budgets
    if (from === 'automatic') process.env.AWS_PROFILE = 'asks'
    const attempt = () => find(from, from === 'automatic' ? '' : 'asks').catch(toProblem)
    const tickOnceStarted = async (trying: Promise<unknown>, starts: number, ms: number) => {
      while (started().length < starts) await immediate()
      t.mock.timers.tick(ms)
      return trying
    }
    const started = () => {
      try {
        return readFileSync(join(folder, 'starts'), 'utf8').trim().split('\n')
      } catch {
        return []
      }
    }
    try {
      const waits = { code: 'UPLOAD_CREDENTIALS_WAIT' }
      assert.deepEqual(await tickOnceStarted(attempt(), 1, credentialPatience.most), waits)
      const second = attempt()
      writeFileSync(join(folder, 'code'), 'of-person\n')
      assert.equal(await second, 'of-person')
      assert.equal(started().length, 1, 'a person is asked once')
      assert.deepEqual(await tickOnceStarted(attempt(), 2, credentialPatience.most), waits)
      t.mock.timers.tick(credentialTime.most)
      const ended = 'it was stopped after 10 minutes; the next attempt starts it again'
      assert.deepEqual(await attempt(), { ...waits, detail: ended })
    } finally {
      for (const name of ['code', 'starts']) rmSync(join(folder, name))
    }
  })
}

test('a profile that was corrected meanwhile is read again', async () => {
  assert.equal(await find('profile', 'work'), 'of-work')
  writeFileSync(
    variables.AWS_SHARED_CREDENTIALS_FILE,
    '[work]\naws_access_key_id=of-now\naws_secret_access_key=s\n',
  )
  assert.equal(await find('profile', 'work'), 'of-now')
})

test('a program that lends credentials is started with what it needs, and nothing else', async () => {
  const hostile = { NODE_OPTIONS: '--title=hostile', SECRET_OF_ANOTHER: 'x', ACTIVITY_TRACKER_HOME: '/x' }
  const useful = { AWS_REGION: 'eu-central-1', HTTPS_PROXY: 'http://proxy:1', SSH_AUTH_SOCK: '/s' }
  const before = Object.keys({ ...hostile, ...useful }).map(name => [name, process.env[name]] as const)
  Object.assign(process.env, hostile, useful)
  try {
    for (const from of ['profile', 'process', 'automatic'] as const) {
      process.env.AWS_PROFILE = 'curious'
      const names = (await find(from, from === 'automatic' ? '' : 'curious')).split(',')
      for (const name of Object.keys(useful)) assert.ok(names.includes(name), `${from}: ${name}`)
      for (const name of Object.keys(hostile)) assert.ok(!names.includes(name), `${from}: ${name}`)
    }
  } finally {
    setAll(before)
  }
})
