import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { headStatement } from '../../journal/chain-head.ts'
import { isSigned, openDeviceKey, readDevicePublicKey } from './device-key.ts'

async function emptyHome() {
  const home = await mkdtemp(join(tmpdir(), 'at-device-key-'))
  return {
    home,
    deviceKey: join(home, 'tracker', 'device-key.pem'),
    [Symbol.asyncDispose]: () => rm(home, { recursive: true }),
  }
}

test('the key is made once, for this user only', async () => {
  await using places = await emptyHome()
  assert.equal(await readDevicePublicKey(places), undefined)
  const first = await openDeviceKey(places)
  assert.match(first.publicKey, /^[A-Za-z0-9_-]{43}$/)
  assert.equal((await stat(places.deviceKey)).mode & 0o777, 0o600)
  assert.equal((await openDeviceKey(places)).publicKey, first.publicKey)
  assert.equal(await readDevicePublicKey(places), first.publicKey)
})

test('what it signed is known as its own, and nothing else is', async () => {
  await using places = await emptyHome()
  const key = await openDeviceKey(places)
  const head = { form: 1 as const, device: 'device-1', seq: 7, hash: 'ab'.repeat(32), key: key.publicKey }
  const signed = { ...head, signature: key.sign(headStatement(head)) }
  assert.ok(isSigned(signed))
  const last = signed.signature.slice(-1)
  for (const forged of [
    { ...signed, seq: 8 },
    { ...signed, hash: 'ba'.repeat(32) },
    { ...signed, device: 'device-2' },
    { ...signed, key: 'A'.repeat(43) },
    { ...signed, signature: key.sign('something else') },
    { ...signed, signature: '' },
    // The last character of 64 bytes has four bits that mean nothing.
    { ...signed, signature: signed.signature.slice(0, -1) + (last === 'A' ? 'B' : nextCharacter(last)) },
  ])
    assert.equal(isSigned(forged), false)
})

test('a file that is no such key is kept aside, and a new key made', async () => {
  await using places = await emptyHome()
  const lost = await openDeviceKey(places)
  await writeFile(places.deviceKey, 'not a key')
  const made = await openDeviceKey(places)
  assert.notEqual(made.publicKey, lost.publicKey)
  const aside = (await readdir(join(places.home, 'tracker'))).find(name => name.includes('broken'))
  assert.equal(await readFile(join(places.home, 'tracker', aside ?? ''), 'utf8'), 'not a key')
})

test('a key that cannot be read is not replaced', async () => {
  await using places = await emptyHome()
  await openDeviceKey(places)
  await rm(places.deviceKey)
  await mkdir(places.deviceKey)
  await assert.rejects(openDeviceKey(places), { code: 'PLACE_NOT_SAFE' })
})

/** The neighbour in the alphabet of base64url, which differs in the bits that mean nothing. */
function nextCharacter(character: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return alphabet[alphabet.indexOf(character) ^ 1] ?? ''
}
