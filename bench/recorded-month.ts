import { createHash, randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { compressZstd } from '../native-host/adapters/seal/compress-zstd.ts'
import { openDeviceKey } from '../native-host/adapters/seal/device-key.ts'
import { ensureKeys, readRecipients } from '../native-host/adapters/seal/keys.ts'
import { createSealer } from '../native-host/adapters/seal/seal-age.ts'
import { keyOf } from '../native-host/adapters/store/outbox-name.ts'
import { linkOf } from '../native-host/journal/chain-link.ts'
import { isoOf, offsetAt } from '../native-host/kernel/instants.ts'
import { createSignal } from '../native-host/kernel/signals.ts'
import { placesOf } from '../native-host/platform/files/places.ts'
import { chainStart, type Entry, type JournalRecord } from '../protocol/records.ts'
import { seededRandom } from '../test/support/seeded-random.ts'

export type RecordedMonth = {
  /** As a destination has it. */
  folder: string
  identity: string
  objects: number
  bytes: number
  from: string
  to: string
}

const zone = 'Europe/Berlin'
const device = 'device-month'
const intervalMs = 10_000
const minuteMs = 60_000
/** About 500 objects a day: 430 segments and 71 pictures. */
const minutesOfDay = 430
const pictureEveryMinutes = 6
const pictureBytes = 24_000
const daysOfMonth = 30

/** 15,000 objects: what a person delivers in a month of seven-hour days, signed and sealed as their tracker does it. */
export async function recordMonth(root: string): Promise<RecordedMonth> {
  const places = placesOf({ ACTIVITY_TRACKER_HOME: join(root, 'home') })
  await ensureKeys(places)
  const key = await openDeviceKey(places)
  const sealer = createSealer(createSignal(await readRecipients(places)), { device, key })
  const folder = join(root, 'month')
  const month = { folder, identity: places.identity, objects: 0, bytes: 0 }
  const random = seededRandom(14)
  let [number, seq, prev] = [0, 0, chainStart]

  for (let day = 0; day < daysOfMonth; day++) {
    const begun = Temporal.Instant.from('2026-11-01T07:00:00Z').add({ hours: 24 * day })
    for (let minute = 0; minute < minutesOfDay; minute++) {
      const at = begun.add({ milliseconds: minute * minuteMs })
      const entries: [Temporal.Instant, Entry][] = []
      if (minute === 0)
        entries.push([
          at,
          { kind: 'agent.started', version: '0.1.0', previous_end: day === 0 ? null : 'clean' },
        ])
      for (let n = 1; n <= minuteMs / intervalMs; n++) {
        const end = at.add({ milliseconds: n * intervalMs })
        entries.push([end, intervalUntil(end, Math.floor(random.uniform(0, 10)))])
      }
      if (minute % pictureEveryMinutes === 0) {
        const before = { seq, hash: prev }
        const bytes = randomBytes(pictureBytes)
        const object = await store(bytes, at, { kind: 'screenshot' }, { before, reached: before })
        entries.push([at.add({ minutes: 1 }), { kind: 'screenshot', ...oneScreen, object }])
      }
      if (minute === minutesOfDay - 1)
        entries.push([at.add({ minutes: 1 }), { kind: 'agent.ended', reason: 'last-browser-left' }])
      const before = { seq, hash: prev }
      const lines = entries.map(([when, entry]) => line(when, entry))
      const content = { kind: 'records', from: before.seq + 1, to: seq } as const
      const packed = await compressZstd(Buffer.from(lines.map(text => `${text}\n`).join('')))
      await store(packed, at, content, { before, reached: { seq, hash: prev } })
    }
  }
  return { ...month, from: '2026-11-01', to: '2026-11-30' }

  function line(when: Temporal.Instant, entry: Entry): string {
    const place = { seq: seq + 1, prev, salt: randomBytes(16).toString('base64url') }
    const record: JournalRecord = { ...place, at: isoOf(when), zone, offset: offsetAt(when, zone), ...entry }
    const text = JSON.stringify(record)
    seq += 1
    prev = linkOf(text, record, sha256)
    return text
  }

  async function store(
    bytes: Uint8Array,
    at: Temporal.Instant,
    content: Parameters<typeof keyOf>[1]['content'],
    heads: { before: { seq: number; hash: string }; reached: { seq: number; hash: string } },
  ): Promise<string> {
    number += 1
    const date = isoOf(at).slice(0, 10)
    const sealed = await sealer.seal(bytes, { number, date, kind: content.kind, ...heads })
    const object = keyOf(device, { seq: number, date, content, sha256: sha256(sealed) })
    await mkdir(dirname(join(folder, object)), { recursive: true })
    await writeFile(join(folder, object), sealed)
    month.objects += 1
    month.bytes += sealed.length
    return object
  }
}

const oneScreen = { display: 1, of: 1, width: 960, height: 540, blurred: true }

function intervalUntil(end: Temporal.Instant, active: number): Entry {
  return {
    kind: 'interval',
    from: isoOf(end.subtract({ milliseconds: intervalMs })),
    length_ms: intervalMs,
    ...{ keys: 3 * active, clicks: active >> 1, wheel: active >> 2, distance_px: 137 * active },
    active_seconds: active,
    activity: '1'.repeat(active).padEnd(10, '0'),
    presence: 'active',
    genuineness: { verdict: 'genuine', rules: 6, evidence: [] },
  }
}

function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
