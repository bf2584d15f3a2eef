import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { compressZstd } from '../native-host/adapters/seal/compress-zstd.ts'
import { ensureKeys, readRecipients } from '../native-host/adapters/seal/keys.ts'
import { createSealer } from '../native-host/adapters/seal/seal-age.ts'
import { createSignal } from '../native-host/kernel/signals.ts'
import { placesOf } from '../native-host/platform/files/places.ts'
import { chainStart } from '../protocol/records.ts'
import { judge } from './faults/oracle.ts'

/** The tests of faults are worth as much as the judge: it must see each thing that can be wrong. */
describe('the oracle of the fault tests', () => {
  const places = placesOf({ ACTIVITY_TRACKER_HOME: join(tmpdir(), 'unset') })
  let seal: (text: string) => Promise<Uint8Array>
  before(async () => {
    Object.assign(places, placesOf({ ACTIVITY_TRACKER_HOME: await mkdtemp(join(tmpdir(), 'oracle-')) }))
    await ensureKeys(places)
    const sealer = createSealer(createSignal(await readRecipients(places)))
    seal = text => sealer.seal(Buffer.from(text))
  })
  after(() => rmSync(places.home, { recursive: true }))

  type Objects = Map<string, Uint8Array>
  const [first, second, third] = chainOf(3)
  const rows: [what: string, spoil: (objects: Objects) => Promise<unknown>, wrong: Record<string, number>][] =
    [
      ['nothing', async () => undefined, {}],
      ['a picture is missing', async objects => take(objects, 'screenshot'), { lost: 1 }],
      ['records are missing at the end', async objects => take(objects, 'records', 1), { lost: 1 }],
      [
        'records are missing in the middle',
        async objects => take(objects, 'records', 0),
        { lost: 2, broken: 1 },
      ],
      [
        'a bit was flipped',
        async objects => {
          const [key = '', bytes] = [...objects].find(([name]) => name.includes('screenshot')) ?? []
          objects.set(
            key,
            Buffer.from(bytes ?? []).map((byte, at) => (at === 100 ? byte ^ 1 : byte)),
          )
        },
        { lost: 1, unreadable: 1 },
      ],
      ['a picture arrived twice', async objects => addPicture(objects, 'picture'), { duplicates: 1 }],
      ['records arrived twice', async objects => addRecords(objects, [third]), { duplicates: 1, broken: 1 }],
      [
        'another record has the number of an accepted one',
        async objects => {
          take(objects, 'records', 1)
          await addRecords(objects, [third.replace('resumed', 'paused').replace('}', ',"until":null}')])
        },
        { lost: 1 },
      ],
    ]
  for (const [what, spoil, wrong] of rows)
    test(`${what}: ${JSON.stringify(wrong)}`, async () => {
      const objects: Objects = new Map()
      await addRecords(objects, [first, second])
      await addRecords(objects, [third])
      await addPicture(objects, 'picture')
      await spoil(objects)
      const accepted = {
        records: new Map([first, second, third].map((line, index) => [index + 1, hash('sha256', line)])),
        pictures: new Set([hash('sha256', 'picture')]),
      }
      const { lost, unreadable, duplicates, broken } = await judge(objects, places.identity, accepted)
      const none = { lost: 0, unreadable: 0, duplicates: 0, broken: 0 }
      assert.deepEqual({ lost, unreadable, duplicates, broken }, { ...none, ...wrong })
    })

  async function addPicture(objects: Objects, text: string): Promise<void> {
    const sealed = await seal(text)
    objects.set(`${hash('sha256', sealed)}.screenshot.webp.age`, sealed)
  }

  async function addRecords(objects: Objects, lines: string[]): Promise<void> {
    const ndjson = lines.map(line => `${line}\n`).join('')
    const recipients = createSealer(createSignal(await readRecipients(places)))
    const sealed = await recipients.seal(await compressZstd(Buffer.from(ndjson)))
    objects.set(`${hash('sha256', sealed)}.records.ndjson.zst.age`, sealed)
  }
})

function take(objects: Map<string, Uint8Array>, kind: string, nth = 0): void {
  const key = [...objects.keys()].filter(name => name.includes(kind))[nth]
  assert.ok(key !== undefined && objects.delete(key))
}

function chainOf(count: 3): [string, string, string] {
  const lines: string[] = []
  for (let seq = 1; seq <= count; seq++) {
    const previous = lines.at(-1)
    const prev = previous === undefined ? chainStart : hash('sha256', previous)
    const at = '2026-11-22T12:00:00Z'
    lines.push(JSON.stringify({ seq, prev, at, zone: 'UTC', offset: '+00:00', kind: 'resumed' }))
  }
  const [a = '', b = '', c = ''] = lines
  return [a, b, c]
}
