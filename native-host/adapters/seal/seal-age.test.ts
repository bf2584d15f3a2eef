import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import fc from 'fast-check'
import { Secret } from '../../kernel/secret.ts'
import { createSignal } from '../../kernel/signals.ts'
import { createSealer, openSealed } from './seal-age.ts'

async function makeKey() {
  const identity = new Secret(await generateX25519Identity())
  return { identity, recipient: await identityToRecipient(identity.reveal()) }
}

const [anna, boris, carla] = await Promise.all([makeKey(), makeKey(), makeKey()])
const bytes = new TextEncoder().encode('what was recorded')

test('each recipient alone opens it, and no other identity does', async () => {
  const sealer = createSealer(createSignal([anna.recipient, boris.recipient]))
  const sealed = await sealer.seal(bytes)
  for (const { identity } of [anna, boris]) assert.deepEqual(await openSealed(sealed, [identity]), bytes)
  assert.deepEqual(await openSealed(sealed, [carla.identity, boris.identity]), bytes)
  await assert.rejects(openSealed(sealed, [carla.identity]), { code: 'OPEN_FAILED' })
})

test('it is sealed for the recipients of that moment', async () => {
  const recipients = createSignal<readonly string[]>([anna.recipient])
  const sealer = createSealer(recipients)
  recipients.value = [boris.recipient]
  assert.deepEqual(sealer.recipients(), [boris.recipient])
  const sealed = await sealer.seal(bytes)
  assert.deepEqual(await openSealed(sealed, [boris.identity]), bytes)
  await assert.rejects(openSealed(sealed, [anna.identity]), { code: 'OPEN_FAILED' })
})

test('property: at any length, it opens, and is as long as the library would make it', async () => {
  const sealer = createSealer(createSignal([anna.recipient]))
  const library = new Encrypter()
  library.addRecipient(anna.recipient)
  const aroundChunks = fc.tuple(fc.nat(4), fc.integer({ min: -2, max: 2 })).map(([n, by]) => n * 65_536 + by)
  const length = fc.oneof(aroundChunks, fc.nat(400_000)).map(bytes => Math.max(0, bytes))
  await fc.assert(
    fc.asyncProperty(length, fc.nat(255), async (size, fill) => {
      const plain = new Uint8Array(size).fill(fill)
      const sealed = await sealer.seal(plain)
      assert.equal(sealed.length, (await library.encrypt(plain)).length)
      assert.ok(Buffer.from(await openSealed(sealed, [anna.identity])).equals(plain))
    }),
    { numRuns: 40 },
  )
})

test('what is sealed twice looks different everywhere behind the first line', async () => {
  const sealer = createSealer(createSignal([anna.recipient]))
  const plain = new Uint8Array(200_000)
  const [one, two] = await Promise.all([sealer.seal(plain), sealer.seal(plain)])
  assert.ok(one && two)
  const blocks = new Set<string>()
  for (const sealed of [one, two])
    for (let from = 200; from + 16 <= sealed.length; from += 16)
      blocks.add(Buffer.from(sealed.subarray(from, from + 16)).toString('hex'))
  assert.equal(blocks.size, 2 * Math.floor((one.length - 200) / 16), 'no 16 bytes occur twice')
})

test('nothing is sealed without a recipient', async () => {
  await assert.rejects(createSealer(createSignal([])).seal(bytes), { code: 'NO_RECIPIENT' })
})

test('without an identity there is nothing to try', async () => {
  await assert.rejects(openSealed(bytes, []), { code: 'IDENTITY_MISSING' })
})

test('a damaged identity is refused and not quoted', async () => {
  const sealed = await createSealer(createSignal([anna.recipient])).seal(bytes)
  const last = anna.identity.reveal().slice(-1)
  const damaged = anna.identity.reveal().slice(0, -1) + (last === 'Q' ? 'P' : 'Q')
  await assert.rejects(openSealed(sealed, [new Secret(damaged)]), error => {
    assert.doesNotMatch(inspect(error, { depth: 9 }), new RegExp(damaged.slice(20, 40), 'i'))
    return true
  })
})

test('a file that is cut at any byte, or has any one bit flipped, gives nothing', async () => {
  const sealed = await createSealer(createSignal([anna.recipient])).seal(bytes)
  for (let length = 0; length < sealed.length; length += 3) {
    await assert.rejects(openSealed(sealed.subarray(0, length), [anna.identity]), { code: 'OPEN_FAILED' })
  }
  for (let index = 0; index < sealed.length; index += 3) {
    const changed = sealed.slice()
    changed[index] = (changed[index] ?? 0) ^ (1 << (index % 8))
    await assert.rejects(openSealed(changed, [anna.identity]), { code: 'OPEN_FAILED' })
  }
})
