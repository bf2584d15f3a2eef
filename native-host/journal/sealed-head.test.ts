import assert from 'node:assert/strict'
import { generateKeyPairSync, hash, sign } from 'node:crypto'
import { test } from 'node:test'
import { Encrypter, generateX25519Identity, identityToRecipient, Stanza } from 'age-encryption'
import { isSigned } from '../adapters/seal/device-key.ts'
import { createSealer, openSealed } from '../adapters/seal/seal-age.ts'
import { Secret } from '../kernel/secret.ts'
import { createSignal } from '../kernel/signals.ts'
import { formatSignedHead, hashOfRest, readSealedParts, readSignedHead } from './sealed-head.ts'

const identity = new Secret(await generateX25519Identity())
const recipients = createSignal([await identityToRecipient(identity.reveal())])
const pair = generateKeyPairSync('ed25519')
const key = {
  publicKey: pair.publicKey.export({ format: 'jwk' }).x ?? '',
  sign: (text: string) => sign(null, Buffer.from(text), pair.privateKey).toString('base64url'),
}
const claim = {
  ...{ number: 7, date: '2026-11-22', kind: 'records' as const },
  before: { seq: 30, hash: 'cd'.repeat(32) },
  reached: { seq: 41, hash: 'ab'.repeat(32) },
}
const bytes = new TextEncoder().encode('what was recorded')
const seal = (plain = bytes) => createSealer(recipients, { device: 'device-1', key }).seal(plain, claim)
const sha256 = (data: Uint8Array | string) => hash('sha256', data)

test('the claim is part of the sealed object, signed and readable by anyone', async () => {
  const sealed = await seal()
  const head = readSignedHead(sealed)
  assert.ok(head?.form === 2)
  const { rest, signature, ...said } = head
  assert.deepEqual(said, {
    ...{ form: 2, device: 'device-1', number: 7, date: '2026-11-22', kind: 'records' },
    ...{ before: claim.before, seq: 41, hash: 'ab'.repeat(32), key: key.publicKey },
  })
  assert.ok(isSigned(head))
  assert.deepEqual(await openSealed(sealed, [identity]), bytes)
})

test('it signs every byte of the object but itself and the MAC, and no hash of what is sealed', async () => {
  const plain = new Uint8Array(200_000)
  const sealed = Buffer.from(await seal(plain))
  const text = sealed.toString('latin1')
  const from = text.indexOf('-> activity-tracker/head/2 ')
  const payload = sealed.subarray(text.indexOf('\n', text.indexOf('\n--- ') + 1) + 1)
  assert.equal(payload.length, 16 + plain.length + 4 * 16)
  const parts = readSealedParts(sealed)
  assert.ok(parts?.others && parts.head.form === 2)
  assert.ok(Buffer.from(parts.others.payload).equals(payload))
  assert.ok(Buffer.from(parts.others.before).equals(sealed.subarray(0, from)))
  assert.equal(parts.head.rest, hashOfRest(sha256(sealed.subarray(0, from)), sha256(payload), sha256))
  const again = readSignedHead(await seal(plain))
  assert.ok(
    again?.form === 2 && again.rest !== parts.head.rest,
    'the same content has another hash each time',
  )
})

test('without a claim, and without a key, there is none', async () => {
  const unclaimed = await createSealer(recipients, { device: 'device-1', key }).seal(bytes)
  assert.equal(readSignedHead(unclaimed), undefined)
  assert.equal(readSignedHead(await createSealer(recipients).seal(bytes, claim)), undefined)
  assert.equal(readSignedHead(new Uint8Array(0)), undefined)
  assert.equal(readSignedHead(bytes), undefined)
})

const oldHead = new Stanza(
  ['activity-tracker/head', 'd', '3', 'ef'.repeat(32), 'k'.repeat(43)],
  new Uint8Array(64),
)

test('a head of the old form is found behind stanzas of any number of recipients and other programs', async () => {
  const encrypter = new Encrypter()
  encrypter.addRecipient({ wrapFileKey: () => [new Stanza(['grease', 'x'], new Uint8Array(96))] })
  for (let n = 0; n < 40; n++)
    encrypter.addRecipient(await identityToRecipient(await generateX25519Identity()))
  encrypter.addRecipient({ wrapFileKey: () => [oldHead] })
  const head = readSignedHead(await encrypter.encrypt(bytes))
  assert.deepEqual([head?.form, head?.seq, head?.signature], [1, 3, 'A'.repeat(86)])
})

test('of two heads of the old form the first counts', async () => {
  const encrypter = new Encrypter()
  const later = new Stanza(['activity-tracker/head', 'd', '4', ...oldHead.args.slice(3)], oldHead.body)
  encrypter.addRecipient({ wrapFileKey: () => [oldHead, later] })
  assert.equal(readSignedHead(await encrypter.encrypt(bytes))?.seq, 3)
})

test('a head followed by another stanza does not count', async () => {
  const text = Buffer.from(await seal()).toString('latin1')
  const another = text.replace('\n--- ', '\n-> grease x\n\n--- ')
  assert.equal(readSignedHead(Buffer.from(another, 'latin1')), undefined)
})

test('a header that ends nowhere, and one that is cut anywhere, have none', async () => {
  const sealed = await seal()
  const end = Buffer.from(sealed).indexOf('\n--- ')
  for (let length = 0; length < end; length++)
    assert.equal(readSignedHead(sealed.subarray(0, length)), undefined)
  const endless = `age-encryption.org/v1\n${'-> x\n\n'.repeat(20_000)}`
  assert.equal(readSignedHead(Buffer.from(endless)), undefined)
})

test('a file with another head in its header does not open', async () => {
  const sealed = Buffer.from(await seal())
  const changed = sealed.toString('latin1').replace(' 41 ', ' 42 ')
  assert.equal(readSignedHead(Buffer.from(changed, 'latin1'))?.seq, 42)
  await assert.rejects(openSealed(Buffer.from(changed, 'latin1'), [identity]), { code: 'OPEN_FAILED' })
})

test('as one line a head is its arguments and its signature, with the form in front unless it is the first', () => {
  const common = { device: 'device-1', seq: 7, hash: 'h', key: 'k', signature: 's' }
  assert.equal(formatSignedHead({ form: 1, ...common }), 'device-1 7 h k s')
  const claim = {
    date: '2026-11-22',
    number: 3,
    kind: 'records',
    before: { seq: 5, hash: 'b' },
    rest: 'r',
  } as const
  assert.equal(
    formatSignedHead({ form: 2, ...common, ...claim }),
    '2 device-1 2026-11-22 3 records 5 b 7 h r k s',
  )
})

test('a header that ends in the middle of a line has no head', () => {
  const text = new TextEncoder().encode('age-encryption.org/v1\n-> activity-tracker/head device-1 7 h k')
  assert.equal(readSignedHead(text), undefined)
})
