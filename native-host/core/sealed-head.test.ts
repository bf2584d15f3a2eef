import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import { Encrypter, generateX25519Identity, identityToRecipient, Stanza } from 'age-encryption'
import { isSigned } from '../adapters/seal/device-key.ts'
import { createSealer, openSealed } from '../adapters/seal/seal-age.ts'
import { createCell } from './cell.ts'
import { readSignedHead } from './sealed-head.ts'
import { Secret } from './secret.ts'

const identity = new Secret(await generateX25519Identity())
const recipients = createCell([await identityToRecipient(identity.reveal())])
const pair = generateKeyPairSync('ed25519')
const key = {
  publicKey: pair.publicKey.export({ format: 'jwk' }).x ?? '',
  sign: (text: string) => sign(null, Buffer.from(text), pair.privateKey).toString('base64url'),
}
const now = { seq: 41, hash: 'ab'.repeat(32) }
const signer = { device: 'device-1', key, head: () => now }
const bytes = new TextEncoder().encode('what was recorded')

test('where the journal is goes with what is sealed, signed, for everybody to read', async () => {
  const sealed = await createSealer(recipients, signer).seal(bytes)
  const head = readSignedHead(sealed)
  assert.deepEqual(head && { seq: head.seq, hash: head.hash, device: head.device, key: head.key }, {
    ...now,
    device: 'device-1',
    key: key.publicKey,
  })
  assert.ok(head && isSigned(head))
  assert.deepEqual(await openSealed(sealed, [identity]), bytes)
})

test('a head that is given goes before that of the moment', async () => {
  const sealed = await createSealer(recipients, signer).seal(bytes, { seq: 7, hash: 'cd'.repeat(32) })
  assert.equal(readSignedHead(sealed)?.seq, 7)
})

test('before the first record, and without a key, there is none', async () => {
  const before = await createSealer(recipients, { ...signer, head: () => undefined }).seal(bytes)
  assert.equal(readSignedHead(before), undefined)
  assert.equal(readSignedHead(await createSealer(recipients).seal(bytes)), undefined)
  assert.equal(readSignedHead(new Uint8Array(0)), undefined)
  assert.equal(readSignedHead(bytes), undefined)
})

test('it is found behind the stanzas of any number of recipients and of other programs', async () => {
  const encrypter = new Encrypter()
  encrypter.addRecipient({ wrapFileKey: () => [new Stanza(['grease', 'x'], new Uint8Array(96))] })
  for (let n = 0; n < 20; n++)
    encrypter.addRecipient(await identityToRecipient(await generateX25519Identity()))
  encrypter.addRecipient({
    wrapFileKey: () => [
      new Stanza(['activity-tracker/head', 'd', '3', 'ef'.repeat(32), 'k'.repeat(43)], new Uint8Array(64)),
    ],
  })
  const head = readSignedHead(await encrypter.encrypt(bytes))
  assert.deepEqual([head?.seq, head?.signature], [3, 'A'.repeat(86)])
})

test('nobody can put another head into the header: the file does not open any more', async () => {
  const sealed = Buffer.from(await createSealer(recipients, signer).seal(bytes))
  const changed = sealed.toString('latin1').replace(' 41 ', ' 42 ')
  assert.equal(readSignedHead(Buffer.from(changed, 'latin1'))?.seq, 42)
  await assert.rejects(openSealed(Buffer.from(changed, 'latin1'), [identity]), { code: 'OPEN_FAILED' })
})
