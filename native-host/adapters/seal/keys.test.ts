import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { createSignal } from '../../kernel/signals.ts'
import { placesOf } from '../../platform/files/places.ts'
import {
  addRecipient,
  createIdentity,
  ensureKeys,
  exportIdentity,
  hasIdentity,
  readIdentities,
  readRecipients,
} from './keys.ts'
import { createSealer, openSealed } from './seal-age.ts'

async function newHome() {
  const folder = await mkdtemp(join(tmpdir(), 'at-keys-'))
  return {
    ...placesOf({ ACTIVITY_TRACKER_HOME: join(folder, 'home') }),
    elsewhere: join(folder, 'recovery.txt'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

async function newRecipient(): Promise<string> {
  return identityToRecipient(await generateX25519Identity())
}

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8)
}

/** Whether what is sealed for the recipients of `places` opens with the identities of `file`. */
async function opens(places: Parameters<typeof readRecipients>[0], file: string): Promise<boolean> {
  const sealer = createSealer(createSignal(await readRecipients(places)))
  const sealed = await sealer.seal(new TextEncoder().encode('x'))
  return openSealed(sealed, await readIdentities(file)).then(
    () => true,
    () => false,
  )
}

test('the first start creates an identity and its recipient, for this user only', async () => {
  await using places = await newHome()
  await ensureKeys(places)
  assert.deepEqual((await readdir(places.home)).sort(), ['identity.txt', 'recipients.txt'])
  assert.equal((await readRecipients(places)).length, 1)
  assert.ok(await opens(places, places.identity))
  assert.equal(await hasIdentity(places), true)
  assert.equal(await modeOf(places.home), '700')
  assert.equal(await modeOf(places.identity), '600')
})

test('a later start changes nothing', async () => {
  await using places = await newHome()
  await ensureKeys(places)
  const before = await Promise.all([readFile(places.identity, 'utf8'), readFile(places.recipients, 'utf8')])
  await ensureKeys(places)
  assert.deepEqual(
    await Promise.all([readFile(places.identity, 'utf8'), readFile(places.recipients, 'utf8')]),
    before,
  )
})

test('where an organisation put its recipients, no identity is created', async () => {
  await using places = await newHome()
  await mkdir(places.home)
  const theirs = await newRecipient()
  await writeFile(places.recipients, `# the office\n${theirs}\n`)
  await ensureKeys(places)
  assert.deepEqual(await readRecipients(places), [theirs])
  assert.equal(await hasIdentity(places), false)
})

test('recipients behind a link that leads nowhere are not replaced by our own', async () => {
  await using places = await newHome()
  await mkdir(places.home)
  await symlink('/nowhere/recipients.txt', places.recipients)
  await ensureKeys(places)
  await assert.rejects(readRecipients(places), { code: 'PLACE_NOT_SAFE' })
  assert.equal(await hasIdentity(places), false)
})

test('recipients that were lost come back from the identity', async () => {
  await using places = await newHome()
  await ensureKeys(places)
  const recipients = await readRecipients(places)
  await rm(places.recipients)
  await ensureKeys(places)
  assert.deepEqual(await readRecipients(places), recipients)
})

test('an identity file without an identity is set aside, not overwritten', async () => {
  await using places = await newHome()
  await mkdir(places.home)
  await writeFile(places.identity, '# hardly begun')
  await ensureKeys(places)
  assert.ok(await opens(places, places.identity))
  const aside = (await readdir(places.home)).find(name => name.startsWith('identity.broken-'))
  assert.equal(await readFile(join(places.home, aside ?? ''), 'utf8'), '# hardly begun')
})

const emptyLists: [name: string, text: string | undefined][] = [
  ['is missing', undefined],
  ['is empty', ''],
  ['has only comments', '# age1nobody\n\n'],
]
for (const [name, text] of emptyLists) {
  test(`an error says so when the list of recipients ${name}`, async () => {
    await using places = await newHome()
    await mkdir(places.home)
    if (text !== undefined) await writeFile(places.recipients, text)
    await assert.rejects(readRecipients(places), { code: 'NO_RECIPIENT', detail: places.recipients })
  })
}

const identity = await generateX25519Identity()
const good = await newRecipient()
const bad: [name: string, text: string, why: RegExp][] = [
  ['an identity', identity, /must stay secret/],
  ['an identity in small letters', identity.toLowerCase(), /must stay secret/],
  ['a recipient with a wrong letter', `${good.slice(0, -1)}${good.endsWith('q') ? 'p' : 'q'}`, /damaged/],
  ['half a recipient', good.slice(0, 30), /damaged/],
  ['two recipients', `${good}\n${good}`, /damaged/],
  ['the point at zero', 'age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z', /damaged/],
  ['a post-quantum recipient', 'age1pq1qqqqqqqqqqqq', /not supported/],
  ['a plugin recipient', 'age1yubikey1qqqqqqqqqqqq', /not supported/],
  ['an SSH key', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI', /SSH/],
  ['something else', 'anna@example.org', /does not begin with age1/],
  ['nothing', '', /does not begin with age1/],
]
for (const [name, text, why] of bad) {
  test(`${name} is no recipient`, async () => {
    await using places = await newHome()
    await assert.rejects(addRecipient(places, text), error => {
      assert.match(String(error), /^AppError: RECIPIENT_INVALID/)
      assert.match(String(error), why)
      assert.ok(!inspect(error, { depth: 9 }).toUpperCase().includes(identity))
      return true
    })
    await assert.rejects(readRecipients(places), { code: 'NO_RECIPIENT' })
  })
}

test('a bad line in the list is named, and nothing is sealed for the rest behind its back', async () => {
  await using places = await newHome()
  await ensureKeys(places)
  await writeFile(places.recipients, `# us\n${good}\n\nage1nonsense\n`)
  await assert.rejects(readRecipients(places), {
    code: 'RECIPIENT_INVALID',
    detail: `${places.recipients}, line 4: it is damaged or incomplete`,
  })
})

test('a recipient is added once, and what is written in the file stays', async () => {
  await using places = await newHome()
  await ensureKeys(places)
  await writeFile(places.recipients, `# the person\n${good}`)
  const added = await newRecipient()
  assert.equal(await addRecipient(places, ` ${added}\n`), added)
  await addRecipient(places, added)
  assert.equal(await readFile(places.recipients, 'utf8'), `# the person\n${good}\n${added}\n`)
})

test('a recipient that is added before the first start is the only one, as an organisation wants it', async () => {
  await using places = await newHome()
  await addRecipient(places, good)
  await ensureKeys(places)
  assert.deepEqual(await readRecipients(places), [good])
  assert.equal(await hasIdentity(places), false)
})

test('a recipient that is added to a lost list does not shut out the identity that lies here', async () => {
  await using places = await newHome()
  await ensureKeys(places)
  const own = await readRecipients(places)
  await rm(places.recipients)
  await addRecipient(places, good)
  assert.deepEqual(await readRecipients(places), [...own, good])
})

test('a new identity never writes over one that is there', async () => {
  await using places = await newHome()
  await ensureKeys(places)
  const before = await readFile(places.identity, 'utf8')
  await assert.rejects(createIdentity(places), { code: 'FILE_EXISTS', detail: places.identity })
  assert.equal(await readFile(places.identity, 'utf8'), before)
  assert.equal((await readRecipients(places)).length, 1)
})

test('a new identity can go elsewhere, so that only its recipient is here', async () => {
  await using places = await newHome()
  const { recipient } = await createIdentity(places, { file: places.elsewhere })
  assert.deepEqual(await readRecipients(places), [recipient])
  assert.equal(await hasIdentity(places), false)
  assert.equal(await modeOf(places.elsewhere), '600')
  assert.ok(await opens(places, places.elsewhere))
})

test('a recovery file is saved and opens what is sealed', async () => {
  await using places = await newHome()
  await ensureKeys(places)
  await exportIdentity(places, places.elsewhere)
  assert.equal(await modeOf(places.elsewhere), '600')
  assert.ok(await opens(places, places.elsewhere))
  assert.equal(await hasIdentity(places), true)
  await assert.rejects(exportIdentity(places, places.elsewhere), { code: 'FILE_EXISTS' })
})

test('the identity is forgotten here only once it is safe elsewhere', async () => {
  await using places = await newHome()
  await ensureKeys(places)
  await writeFile(places.elsewhere, 'my letters')
  await assert.rejects(exportIdentity(places, places.elsewhere, { forgetHere: true }), {
    code: 'FILE_EXISTS',
  })
  await assert.rejects(exportIdentity(places, join(places.elsewhere, 'x'), { forgetHere: true }), {
    code: 'STORE_NOT_WRITABLE',
  })
  assert.equal(await hasIdentity(places), true)

  await rm(places.elsewhere)
  await exportIdentity(places, places.elsewhere, { forgetHere: true })
  assert.equal(await hasIdentity(places), false)
  assert.ok(await opens(places, places.elsewhere))

  await ensureKeys(places)
  assert.equal(await hasIdentity(places), false)
  await assert.rejects(exportIdentity(places, `${places.elsewhere}.2`), { code: 'IDENTITY_MISSING' })
})

const unreadable: [name: string, text: string | undefined, code: string][] = [
  ['that is missing', undefined, 'FILE_UNREADABLE'],
  ['without an identity', '# nothing\n', 'IDENTITY_MISSING'],
  ['with a recipient instead', `${good}\n`, 'IDENTITY_MISSING'],
  ['with a damaged identity', `# mine\n${identity.slice(0, -1)}\n`, 'IDENTITY_MISSING'],
]
for (const [name, text, code] of unreadable) {
  test(`a recovery file ${name} is refused, and what is in it not quoted`, async () => {
    await using places = await newHome()
    if (text !== undefined) await writeFile(places.elsewhere, text)
    await assert.rejects(readIdentities(places.elsewhere), error => {
      assert.ok(error instanceof Error && 'code' in error && error.code === code)
      assert.ok(!inspect(error, { depth: 9 }).includes(identity.slice(20, 40)))
      return true
    })
  })
}

test('a home that cannot be written is said', async () => {
  await using places = await newHome()
  await writeFile(places.elsewhere, '')
  const inFile = placesOf({ ACTIVITY_TRACKER_HOME: join(places.elsewhere, 'home') })
  await assert.rejects(ensureKeys(inFile), { code: 'STORE_NOT_WRITABLE' })
})
