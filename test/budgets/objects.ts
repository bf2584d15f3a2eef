import assert from 'node:assert/strict'
import { readFile, truncate, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { constants, zstdCompress } from 'node:zlib'
import { Encrypter, generateX25519Identity, identityToRecipient, Stanza } from 'age-encryption'
import { decompressZstd } from '../../native-host/adapters/seal/compress-zstd.ts'
import { readIdentities, readIdentityFile, readRecipients } from '../../native-host/adapters/seal/keys.ts'
import { openSealed } from '../../native-host/adapters/seal/seal-age.ts'
import { unlockIdentity } from '../../native-host/adapters/seal/unlock-identity.ts'
import { unpackSegment } from '../../native-host/adapters/seal/unpack-segment.ts'
import { readDelivered, readUserFile } from '../../native-host/adapters/system/user-files.ts'
import { budgets } from '../../native-host/kernel/budgets.ts'
import { Secret } from '../../native-host/kernel/secret.ts'
import { readRecordLine } from '../../protocol/read-record.ts'
import { withFile } from './files.ts'

const compress = promisify(zstdCompress)
const openFailed = { code: 'OPEN_FAILED' }
const unreadable = { code: 'FILE_UNREADABLE' }

/** A file of `most` bytes is read with `read`, and one of a byte more is not. The bytes are holes. */
const fileTrial = (most: number, read: (path: string) => Promise<{ length: number }>) =>
  withFile('', async path => {
    await truncate(path, most)
    assert.equal((await read(path)).length, most)
    await truncate(path, most + 1)
    await assert.rejects(read(path), unreadable)
  })

async function seal(stanzas: readonly Stanza[]): Promise<{ sealed: Uint8Array; identity: Secret }> {
  const identity = await generateX25519Identity()
  const encrypter = new Encrypter()
  encrypter.addRecipient(await identityToRecipient(identity))
  encrypter.addRecipient({ wrapFileKey: () => [...stanzas] })
  return { sealed: await encrypter.encrypt('text'), identity: new Secret(identity) }
}
const stanzaOf = (bytes: number) => new Stanza(['test', 'x'], new Uint8Array(bytes))

async function headerBytes(filler: number): Promise<{ bytes: number; open: () => Promise<Uint8Array> }> {
  const { sealed, identity } = await seal([new Stanza(['x'.repeat(filler)], new Uint8Array(1))])
  return {
    bytes: Buffer.from(sealed).indexOf('\n--- ') + '\n--- '.length,
    open: () => openSealed(sealed, [identity]),
  }
}

const place = { seq: 1, prev: '0'.repeat(64), at: '2026-11-30T10:00:00Z', zone: 'UTC', offset: '+00:00' }
const isRecord = (extra: object) => readRecordLine(JSON.stringify({ ...place, ...extra })) !== undefined
const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])

export const objectTrials = {
  objectBytes: async () => {
    await fileTrial(budgets.objectBytes.most, readDelivered)
    await fileTrial(budgets.objectBytes.most, path => readUserFile(path))
  },
  proofBytes: () => fileTrial(budgets.proofBytes.most, path => readUserFile(path, budgets.proofBytes.most)),
  receivedHeads: () =>
    fileTrial(budgets.receivedHeads.most, path => readUserFile(path, budgets.receivedHeads.most)),
  importBytes: () =>
    fileTrial(budgets.importBytes.most, path => readUserFile(path, budgets.importBytes.most)),
  answerBytes: () =>
    fileTrial(budgets.answerBytes.most, path => readUserFile(path, budgets.answerBytes.most)),

  async passphraseMemory() {
    const most = Math.log2(budgets.passphraseMemory.most / 1024)
    const withWork = async (work: number) => {
      const encrypter = new Encrypter()
      encrypter.setPassphrase('right')
      encrypter.setScryptWorkFactor(1)
      const text = Buffer.from(await encrypter.encrypt('key')).toString('latin1')
      return Buffer.from(text.replace(/^(.*\n-> scrypt \S+ )1\n/, `$1${work}\n`), 'latin1')
    }
    // Only whether a passphrase would be tried: that takes all of the memory.
    const asked = new Error('asked')
    const ask = async () => Promise.reject(asked)
    await assert.rejects(unlockIdentity('file', await withWork(most), ask), asked)
    await assert.rejects(unlockIdentity('file', await withWork(most + 1), ask), unreadable)
  },

  async objectHeader() {
    const { most } = budgets.objectHeader
    const { bytes: around } = await headerBytes(1)
    const whole = await headerBytes(most - around + 1)
    assert.equal(whole.bytes, most)
    assert.equal((await whole.open()).length, 4)
    const longer = await headerBytes(most - around + 2)
    await assert.rejects(longer.open(), openFailed)
  },

  async objectStanzas() {
    const { most } = budgets.objectStanzas
    const sealed = (count: number) => seal(Array.from({ length: count }, () => stanzaOf(1)))
    // One is the recipient's own.
    const whole = await sealed(most - 1)
    assert.equal((await openSealed(whole.sealed, [whole.identity])).length, 4)
    const more = await sealed(most)
    await assert.rejects(openSealed(more.sealed, [more.identity]), openFailed)
  },

  async zstdWindow() {
    const { most } = budgets.zstdWindow
    // Longer than the window, or a window of the size of what there is would do.
    const bytes = new Uint8Array(most * 2 + 1)
    const packed = (windowLog: number) =>
      compress(bytes, {
        params: { [constants.ZSTD_c_windowLog]: windowLog, [constants.ZSTD_c_contentSizeFlag]: 0 },
      })
    const whole = await packed(Math.log2(most))
    assert.equal((await decompressZstd(whole, bytes.length)).length, bytes.length)
    await assert.rejects(decompressZstd(await packed(Math.log2(most) + 1), bytes.length), openFailed)
  },

  async segmentBytes() {
    const { most } = budgets.segmentBytes
    const bytes = Buffer.alloc(most + 1, 'x')
    for (let at = 0; at < most; at += 500_000) bytes[at] = 0x0a
    assert.equal((await unpackSegment(await compress(bytes.subarray(0, most)))).length, most)
    await assert.rejects(unpackSegment(await compress(bytes)), openFailed)
  },

  async segmentLines() {
    const { most } = budgets.segmentLines
    assert.equal((await unpackSegment(await compress('\n'.repeat(most)))).length, most)
    await assert.rejects(unpackSegment(await compress('\n'.repeat(most + 1))), openFailed)
  },

  async recordBytes() {
    const { most } = budgets.recordBytes
    const line = (length: number) => compress(`{}\n${'x'.repeat(length)}\n{}\n`)
    assert.equal((await unpackSegment(await line(most))).length, most + 7)
    await assert.rejects(unpackSegment(await line(most + 1)), openFailed)
  },

  recordDepth() {
    // The record itself is the first level.
    const { most } = budgets.recordDepth
    assert.equal(isRecord({ more: nested(most - 1) }), true)
    assert.equal(isRecord({ more: nested(most) }), false)
  },
  recordText() {
    const { most } = budgets.recordText
    assert.equal(isRecord({ more: 'x'.repeat(most) }), true)
    assert.equal(isRecord({ more: 'x'.repeat(most + 1) }), false)
  },
  recordList() {
    const { most } = budgets.recordList
    assert.equal(isRecord({ more: Array.from({ length: most }, () => 1) }), true)
    assert.equal(isRecord({ more: Array.from({ length: most + 1 }, () => 1) }), false)
  },
}

export const keyTrials = {
  async recipients() {
    const { most } = budgets.recipients
    const text = await recipientsText(most + 1)
    await withFile(text, async path => {
      const places = { home: '', identity: '', recipients: path }
      await assert.rejects(readRecipients(places), { code: 'RECIPIENT_INVALID' })
      const fewer = (await readFile(path, 'utf8')).split('\n').slice(0, most)
      await writeFile(path, fewer.join('\n'))
      assert.equal((await readRecipients(places)).length, most)
    })
  },

  async identityBytes() {
    const { most } = budgets.identityBytes
    const key = `${await generateX25519Identity()}\n`
    await withFile(key.padEnd(most, '\n'), async path => assert.equal((await readIdentities(path)).length, 1))
    await withFile(key.padEnd(most + 1, '\n'), path => assert.rejects(readIdentities(path), unreadable))
  },

  async identities() {
    const { most } = budgets.identities
    const keys = await Promise.all(Array.from({ length: most + 1 }, generateX25519Identity))
    await withFile(keys.join('\n'), async path => {
      const { identities, others } = await readIdentityFile(path)
      assert.equal(identities.length, most)
      assert.deepEqual(others, [`line ${most + 1} is one identity too many`])
    })
  },
}

async function recipientsText(count: number): Promise<string> {
  const identities = await Promise.all(Array.from({ length: count }, generateX25519Identity))
  return (await Promise.all(identities.map(identity => identityToRecipient(identity)))).join('\n')
}
