import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '../../native-host/adapters/clock/system-clock.ts'
import type { OutboxItem } from '../../native-host/delivery/ports.ts'
import { composeTracker, deliverTo, type Tracker } from './compose-tracker.ts'
import type { Promised, Scale } from './promise.ts'
import { setScene } from './scene.ts'

type Damage = { what: string; done(bytes: Buffer): Buffer }

/** So many are damaged and met by one drain: what is removed waits for others, and there are thousands. */
const together = 16

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

    const all = [...damages(size, scale)]
    for (let from = 0; from < all.length; from += together) {
      const met = all.slice(from, from + together)
      const pairs: { damaged: OutboxItem; sound: OutboxItem }[] = []
      for (const { what, done } of met) {
        const pair = { damaged: await queue(tracker), sound: await queue(tracker) }
        const file = await fileOf(pair.damaged, places.outbox)
        writeFileSync(file, done(readFileSync(file)))
        faults[what] = (faults[what] ?? 0) + 1
        pairs.push(pair)
      }
      const before = outbox.summary.value.quarantined
      const begun = performance.now()
      await drain.drainNow(never)
      freshMs.push(performance.now() - begun)
      sum.uncounted += Math.abs(before + met.length - outbox.summary.value.quarantined)
      for (const { damaged, sound } of pairs) {
        if (arrived(damaged)) sum.missed++
        if (!arrived(sound)) sum.others++
      }
      if ((from / together) % 32 === 31) say(`${from + met.length} damaged files`)
    }
    const kept = (await readdir(places.quarantine)).length
    return {
      kind: 'measured',
      figures: [
        { what: 'delivered all the same', value: sum.missed, atMost: 0 },
        { what: 'not counted', value: sum.uncounted, atMost: 0 },
        { what: 'not kept in quarantine', value: all.length - kept, atMost: 0 },
        { what: 'others that did not arrive', value: sum.others, atMost: 0 },
      ],
      faults,
      freshMs,
      notes: [`A file of ${size} bytes.`],
    }

    function arrived({ key }: OutboxItem): boolean {
      return existsSync(join(scene.destination.folder, key))
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
