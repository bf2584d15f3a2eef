import { hash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Encrypter, Stanza } from 'age-encryption'
import { compressZstd } from '../../native-host/adapters/seal/compress-zstd.ts'
import { type DeviceKey, openDeviceKey } from '../../native-host/adapters/seal/device-key.ts'
import { ensureKeys, readRecipients } from '../../native-host/adapters/seal/keys.ts'
import { openMemory } from '../../native-host/adapters/store/memory-sqlite.ts'
import { keyOf } from '../../native-host/adapters/store/outbox-name.ts'
import { openReviewQueue } from '../../native-host/adapters/store/review-queue.ts'
import { openDatabase } from '../../native-host/adapters/store/sqlite.ts'
import { placesOf } from '../../native-host/platform/files/places.ts'
import { chainStart, type Entry } from '../../protocol/records.ts'

/**
 * A tracker of before records were salted and heads said where they belong, kept so that what it delivered is read for
 * ever: it first signed nothing, then its heads of form 1. What it leaves in `home` is gone on with by the present one.
 */
export async function createOldTracker({ home, delivered, device, start }: Parts) {
  const places = placesOf({ ACTIVITY_TRACKER_HOME: home })
  await ensureKeys(places)
  const recipients = await readRecipients(places)
  let key: DeviceKey | undefined
  let head = { seq: 0, hash: chainStart }
  let unsealed: { seq: number; at: string; line: string }[] = []
  let number = 0
  let now = start

  return {
    pass(ms: number): void {
      now = now.add({ milliseconds: ms })
    },

    /** From now on what it seals is signed. */
    async beginToSign(): Promise<void> {
      key = await openDeviceKey(places)
      append({ kind: 'device.key', key: key.publicKey })
    },

    append,

    async sealAll(): Promise<void> {
      const [first] = unsealed
      if (!first) return
      const text = unsealed.map(({ line }) => `${line}\n`).join('')
      const sealed = await seal(await compressZstd(Buffer.from(text)))
      await deliver(sealed, { kind: 'records', from: first.seq, to: head.seq }, first.at)
      unsealed = []
    },

    /** `crash`: it died before the record was written. */
    async picture(picture: string | Uint8Array, then: 'recorded' | 'crash'): Promise<void> {
      const object = await deliver(await seal(bytesOf(picture)), { kind: 'screenshot' }, now.toString())
      if (then === 'recorded') append({ kind: 'screenshot', ...facts, object })
    },

    /** It stays in `home`, where the present tracker finds it. */
    async hold(held: string | Uint8Array, ms: number): Promise<void> {
      const queue = await openReviewQueue({
        ...{ folder: places.held, device },
        outbox: { adopt: () => Promise.reject(new Error('nothing is released here')) },
      })
      const until = now.add({ milliseconds: ms })
      number += 1
      const picture = { taken: now, until, number, ...facts, format: 'webp' as const }
      const { key: object } = await queue.put(picture, await seal(bytesOf(held)))
      append({
        kind: 'screenshot',
        ...facts,
        object,
        held_until: until.toString({ fractionalSecondDigits: 3 }),
      })
    },

    /** What of all this the database holds. */
    end(): void {
      const { db } = openDatabase(places.stateDb)
      openMemory(db).set('device', device)
      const insert = db.prepare('INSERT INTO record (seq, at, line) VALUES (?, ?, ?)')
      for (const { seq, at, line } of unsealed) insert.run(seq, at, line)
      db.prepare('REPLACE INTO chain_head (only_row, seq, hash, at) VALUES (1, ?, ?, ?)').run(
        ...[head.seq, head.hash, now.toString()],
      )
      db.prepare('REPLACE INTO outbox_state (only_row, last_seq, covered_through) VALUES (1, ?, ?)').run(
        ...[number, (unsealed[0]?.seq ?? head.seq + 1) - 1],
      )
      db.close()
    },
  }

  function append(entry: Entry): void {
    const at = now.toString({ fractionalSecondDigits: 3 })
    const place = { seq: head.seq + 1, prev: head.hash, at, zone: 'UTC', offset: '+00:00' }
    const line = JSON.stringify({ ...place, ...entry })
    unsealed.push({ seq: place.seq, at, line })
    head = { seq: place.seq, hash: hash('sha256', line) }
  }

  async function seal(bytes: Uint8Array): Promise<Uint8Array> {
    const encrypter = new Encrypter()
    for (const recipient of recipients) encrypter.addRecipient(recipient)
    const signer = key
    if (signer) encrypter.addRecipient({ wrapFileKey: () => [oldStanza(signer)] })
    return encrypter.encrypt(bytes)
  }

  function oldStanza(signer: DeviceKey): Stanza {
    const said = `activity-tracker chain head 1\n${device}\n${head.seq}\n${head.hash}\n`
    const args = ['activity-tracker/head', device, String(head.seq), head.hash, signer.publicKey]
    return new Stanza(args, Buffer.from(signer.sign(said), 'base64url'))
  }

  async function deliver(
    sealed: Uint8Array,
    content: Parameters<typeof keyOf>[1]['content'],
    at: string,
  ): Promise<string> {
    number += 1
    const key = keyOf(device, { seq: number, date: at.slice(0, 10), content, sha256: hash('sha256', sealed) })
    await mkdir(join(delivered, device, at.slice(0, 10)), { recursive: true })
    await writeFile(join(delivered, key), sealed)
    return key
  }
}

function bytesOf(picture: string | Uint8Array): Uint8Array {
  return typeof picture === 'string' ? Buffer.from(picture) : picture
}

type Parts = { home: string; delivered: string; device: string; start: Temporal.Instant }

const facts = { display: 1, of: 1, width: 2, height: 2, blurred: true }
