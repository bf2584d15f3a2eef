import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import type { Settings } from '../../../protocol/settings.ts'
import { Secret } from '../../core/secret.ts'
import { openCredentials } from './credential-source.ts'
import { credentialsFile } from './credentials-file.ts'
import { s3Transport } from './s3-transport.ts'

// The files and variables of the AWS tools; the keychain is in test/contract/keychain.test.ts.

const folder = mkdtempSync(join(tmpdir(), 'at-aws-'))
const kept = join(folder, 'credentials')
const program = `${process.execPath} -p 'JSON.stringify({Version:1,AccessKeyId:"of-program",SecretAccessKey:"s"})'`
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

function setAll(values: Iterable<[string, string | undefined]>): void {
  for (const [name, value] of values) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
}

before(() => {
  for (const name of Object.keys(variables)) valuesBefore.set(name, process.env[name])
  const shared = '[default]\naws_access_key_id=of-default\naws_secret_access_key=s\n'
  writeFileSync(
    variables.AWS_SHARED_CREDENTIALS_FILE,
    `${shared}[work]\naws_access_key_id=of-work\naws_secret_access_key=s\n`,
  )
  writeFileSync(
    variables.AWS_CONFIG_FILE,
    `[profile tool]\ncredential_process = ${program}\n
[profile office]\nsso_start_url = https://example.awsapps.com/start\nsso_region = eu-central-1
sso_account_id = 012345678901\nsso_role_name = Reader\n`,
  )
})
beforeEach(() => setAll(Object.entries(variables)))
afterEach(() => rmSync(kept, { force: true }))
after(() => {
  setAll(valuesBefore)
  rmSync(folder, { recursive: true })
})

async function find(from: Settings['credentials'], profile = ''): Promise<string> {
  // Whoever lends credentials over the network would be asked through this.
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
  ['environment: the variables, whatever else there is', 'environment', '', 'of-environment'],
  ['profile: the default one, whatever the variables say', 'profile', '', 'of-default'],
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
  ['nobody has signed in', 'sso', 'office'],
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

test('a profile that was corrected meanwhile is read again', async () => {
  assert.equal(await find('profile', 'work'), 'of-work')
  writeFileSync(
    variables.AWS_SHARED_CREDENTIALS_FILE,
    '[work]\naws_access_key_id=of-now\naws_secret_access_key=s\n',
  )
  assert.equal(await find('profile', 'work'), 'of-now')
})
