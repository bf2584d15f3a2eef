import assert from 'node:assert/strict'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { isPlaceholder } from '../../../config/credential-form.ts'
import { type Credentials, readConfigTxt } from '../../../config/import-config.ts'
import { Secret } from '../../../kernel/secret.ts'
import { credentialsFile } from './credentials-file.ts'

async function newFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'at-credentials-'))
  return {
    file: join(folder, 'home', 'credentials'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

test('nothing is kept', async () => {
  await using folder = await newFolder()
  const kept = credentialsFile(folder.file)
  assert.equal(await kept.read('s3'), undefined)
  assert.equal(await kept.forget('s3'), false)
})

test('credentials come back, with a session token and without', async () => {
  await using folder = await newFolder()
  const kept = credentialsFile(folder.file)
  const sessionToken = new Secret('T')
  await kept.write('s3', { accessKeyId: 'I', secretAccessKey: new Secret('S'), sessionToken })
  assert.deepEqual(revealed(await kept.read('s3')), ['I', 'S', 'T'])
  await kept.write('s3', { accessKeyId: 'J', secretAccessKey: new Secret('U') })
  assert.deepEqual(revealed(await kept.read('s3')), ['J', 'U', undefined])
})

test('credentials and the login of a proxy do not touch each other, and the last one takes the file along', async () => {
  await using folder = await newFolder()
  const kept = credentialsFile(folder.file)
  await kept.write('proxy', { name: 'anna', password: new Secret('p=w #1\n') })
  assert.equal(await kept.read('s3'), undefined)
  await kept.write('s3', { accessKeyId: 'I', secretAccessKey: new Secret('S') })
  assert.equal((await kept.read('proxy'))?.password.reveal(), 'p=w #1\n')
  assert.equal(await kept.forget('s3'), true)
  assert.equal(await kept.read('s3'), undefined)
  assert.equal((await kept.read('proxy'))?.name, 'anna')
  assert.equal(await kept.forget('proxy'), true)
  await assert.rejects(stat(folder.file), { code: 'ENOENT' })
})

test('only this user can read the file, under any umask', async () => {
  await using folder = await newFolder()
  const before = process.umask(0)
  try {
    await credentialsFile(folder.file).write('s3', { accessKeyId: 'I', secretAccessKey: new Secret('S') })
  } finally {
    process.umask(before)
  }
  assert.equal((await stat(folder.file)).mode & 0o777, 0o600)
})

test('what an import accepts survives the file', async () => {
  await using folder = await newFolder()
  const kept = credentialsFile(folder.file)
  const unit = fc.constantFrom(...'aZ09+/=#;:\\[]%$_-.!~@{}')
  const key = fc.string({ unit, minLength: 1, maxLength: 60 }).filter(text => !isPlaceholder(text))
  await fc.assert(
    fc.asyncProperty(key, key, async (accessKeyId, secret) => {
      const text = `[settings]\naccess_key=${accessKeyId}\nsecret_key=${secret}`
      const { credentials } = readConfigTxt(text)
      assert.ok(credentials)
      await kept.write('s3', credentials)
      assert.deepEqual(revealed(await kept.read('s3')), [accessKeyId, secret, undefined])
    }),
    { numRuns: 50 },
  )
})

const broken: [name: string, text: string][] = [
  ['empty', ''],
  ['of another profile', '[default]\naws_access_key_id=I\naws_secret_access_key=S\n'],
  ['with half of it', '[activity-tracker]\naws_access_key_id=I\n'],
  ['with an empty secret', '[activity-tracker]\naws_access_key_id=I\naws_secret_access_key=\n'],
]
for (const [name, text] of broken) {
  test(`a file ${name} is an error, not a reason to use other credentials`, async () => {
    await using folder = await newFolder()
    const kept = credentialsFile(folder.file)
    await kept.write('s3', { accessKeyId: 'I', secretAccessKey: new Secret('S') })
    await writeFile(folder.file, text)
    await assert.rejects(kept.read('s3'), { code: 'UPLOAD_NO_CREDENTIALS' })
    await kept.write('s3', { accessKeyId: 'J', secretAccessKey: new Secret('U') })
    assert.deepEqual(revealed(await kept.read('s3')), ['J', 'U', undefined])
  })
}

function revealed(credentials: Credentials | undefined) {
  return (
    credentials && [
      credentials.accessKeyId,
      credentials.secretAccessKey.reveal(),
      credentials.sessionToken?.reveal(),
    ]
  )
}
