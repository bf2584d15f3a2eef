import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '../../native-host/adapters/system/system-clock.ts'
import type { OutboxItem } from '../../native-host/ports.ts'
import { composeTracker, deliverTo, type Tracker } from './compose-tracker.ts'
import type { Promised, Scale } from './promise.ts'
import { setScene } from './scene.ts'

type Damage = { what: string; done(bytes: Buffer): Buffer }

/** A damaged item lies in front of a sound one each time, and the sound one must arrive. */
export const damagedFiles: Promised = {
  id: 'P7',
  promise: 'A queued file that was changed anywhere is set aside, counted and shown; the others arrive',
  async run({ scale, say }) {
    await using scene = await setScene()
    using tracker = await composeTracker({
      home: scene.home,
      clock: systemClock,
      deliverTo: deliverTo(scene.destination),
    })
    const { outbox, drain, places } = tracker
    const faults: Record<string, number> = {}
    const freshMs: number[] = []
    const sum = { missed: 0, uncounted: 0, others: 0 }
    const size = (await queue(tracker)).bytes
    await drain.drainNow(never)

    for (const { what, done } of damages(size, scale)) {
      const [damaged, sound] = [await queue(tracker), await queue(tracker)]
      const file = await fileOf(damaged, places.outbox)
      writeFileSync(file, done(readFileSync(file)))
      faults[what] = (faults[what] ?? 0) + 1
      const before = outbox.summary.value.quarantined
      const begun = performance.now()
      await drain.drainNow(never)
      freshMs.push(performance.now() - begun)
      if (existsSync(join(scene.destination.folder, damaged.key))) sum.missed++
      if (outbox.summary.value.quarantined !== before + 1) sum.uncounted++
      if (!existsSync(join(scene.destination.folder, sound.key))) sum.others++
      if (freshMs.length % 500 === 0) say(`${freshMs.length} damaged files`)
    }
    const kept = (await readdir(places.quarantine)).length
    return {
      kind: 'measured',
      figures: [
        { what: 'delivered all the same', value: sum.missed, atMost: 0 },
        { what: 'not counted', value: sum.uncounted, atMost: 0 },
        { what: 'not kept in quarantine', value: freshMs.length - kept, atMost: 0 },
        { what: 'others that did not arrive', value: sum.others, atMost: 0 },
      ],
      faults,
      freshMs,
      notes: [`A file of ${size} bytes.`],
    }
  },
}

const never = new AbortController().signal

/** Every bit, or one of each byte; every length, or each fourth; and a byte too many. */
function* damages(size: number, scale: Scale): Generator<Damage> {
  const bits = scale === 'full' ? [0, 1, 2, 3, 4, 5, 6, 7] : undefined
  for (let at = 0; at < size; at++) {
    for (const bit of bits ?? [at % 8]) {
      yield { what: 'bit flipped', done: bytes => flipped(bytes, at, bit) }
    }
    if (scale === 'full' || at % 4 === 0) yield { what: 'cut off', done: bytes => bytes.subarray(0, at) }
  }
  yield { what: 'byte appended', done: bytes => Buffer.concat([bytes, Buffer.of(0)]) }
}

function flipped(bytes: Buffer, at: number, bit: number): Buffer {
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
  return bytes
}

async function queue({ outbox, sealer }: Tracker): Promise<OutboxItem> {
  const sealed = await sealer.seal(Buffer.from('a picture'))
  return outbox.put({ at: systemClock.now(), sealed, content: { kind: 'screenshot' } })
}

async function fileOf({ key }: OutboxItem, folder: string): Promise<string> {
  const sha256 = /[0-9a-f]{64}/.exec(key)?.[0] ?? key
  const name = (await readdir(folder)).find(file => file.includes(sha256))
  if (name === undefined) throw new Error(`no file for ${key}`)
  return join(folder, name)
}
