import assert from 'node:assert/strict'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { readConfigTxt } from '../../core/import-config.ts'
import { Secret } from '../../core/secret.ts'
import { credentialProviderFor, storeCredentials } from './credentials.ts'

async function newFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'at-credentials-'))
  return {
    file: join(folder, 'home', 'credentials'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

test('none were imported', async () => {
  await using folder = await newFolder()
  assert.equal(await credentialProviderFor(folder.file), undefined)
})

test('imported ones come back, with a session token and without', async () => {
  await using folder = await newFolder()
  const credentials = { accessKeyId: 'I', secretAccessKey: new Secret('S'), sessionToken: new Secret('T') }
  await storeCredentials(folder.file, credentials)
  const withToken = await credentialProviderFor(folder.file)
  assert.deepEqual(await withToken?.(), { accessKeyId: 'I', secretAccessKey: 'S', sessionToken: 'T' })

  await storeCredentials(folder.file, { accessKeyId: 'J', secretAccessKey: new Secret('U') })
  const without = await credentialProviderFor(folder.file)
  assert.deepEqual(await without?.(), { accessKeyId: 'J', secretAccessKey: 'U' })
})

test('only this user can read the file, whatever the umask', async () => {
  await using folder = await newFolder()
  const before = process.umask(0)
  try {
    await storeCredentials(folder.file, { accessKeyId: 'I', secretAccessKey: new Secret('S') })
  } finally {
    process.umask(before)
  }
  assert.equal((await stat(folder.file)).mode & 0o777, 0o600)
})

test('what an import accepts survives the file', async () => {
  await using folder = await newFolder()
  const unit = fc.constantFrom(...'aZ09+/=#;:\\[]%$_-.!~@{}')
  const key = fc.string({ unit, minLength: 1, maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(key, key, async (accessKeyId, secret) => {
      const text = `[settings]\naccess_key=${accessKeyId}\nsecret_key=${secret}`
      const { credentials } = readConfigTxt(text)
      assert.ok(credentials)
      await storeCredentials(folder.file, credentials)
      const provider = await credentialProviderFor(folder.file)
      assert.deepEqual(await provider?.(), { accessKeyId, secretAccessKey: secret })
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
    await storeCredentials(folder.file, { accessKeyId: 'I', secretAccessKey: new Secret('S') })
    await writeFile(folder.file, text)
    await assert.rejects(credentialProviderFor(folder.file), { code: 'UPLOAD_NO_CREDENTIALS' })
  })
}
