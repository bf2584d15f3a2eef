import { execFile } from 'node:child_process'
import { hash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import * as v from 'valibot'
import { systemClock } from '../native-host/adapters/clock/system-clock.ts'
import { createSealer } from '../native-host/adapters/seal/seal-age.ts'
import { openJournal } from '../native-host/adapters/store/journal-sqlite.ts'
import { openOutbox } from '../native-host/adapters/store/outbox.ts'
import { formatName } from '../native-host/adapters/store/outbox-name.ts'
import { openDatabase } from '../native-host/adapters/store/sqlite.ts'
import { createSignal } from '../native-host/kernel/signals.ts'
import { placesOf } from '../native-host/platform/files/places.ts'
import { type Benchmark, type Figure, median } from './figure.ts'

const screenshotBytes = 300_000
const largeBytes = 5_000_000
const many = 100_000

/** What it costs to make things safe: every write waits for the disk. */
const storing: Benchmark = {
  what: 'records and screenshots, sealed and on the disk, and an outbox of 100,000 of them',
  async measure() {
    return [...(await recordFigures()), ...(await sealFigures()), ...(await outboxFigures())]
  },
}
export default storing

async function recordFigures(): Promise<Figure[]> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'at-bench-'))
  const { db } = openDatabase(join(folder.path, 'state.db'))
  const journal = openJournal(db, systemClock)
  const appendMs = await timesOf(500, () => journal.append({ kind: 'resumed' }))
  db.close()
  return [{ name: 'a record, until it is on the disk', value: median(appendMs), unit: 'ms' }]
}

/** The limits are 100 MB/s. */
async function sealFigures(): Promise<Figure[]> {
  const recipient = await identityToRecipient(await generateX25519Identity())
  const sealer = createSealer(createSignal([recipient]))
  const library = new Encrypter()
  library.addRecipient(recipient)
  const figures: Figure[] = []
  for (const [what, bytes] of [
    ['300 kB', randomBytes(screenshotBytes)],
    ['5 MB', randomBytes(largeBytes)],
  ] as const) {
    const limit = bytes.length / 100_000
    // Both by turns, so that what else the machine does meets both.
    const [ours, theirs]: [number[], number[]] = [[], []]
    await timesOf(20, () => sealer.seal(bytes))
    await timesOf(20, () => library.encrypt(bytes))
    for (let turn = 0; turn < 40; turn++) {
      ours.push(...(await timesOf(1, () => sealer.seal(bytes))))
      theirs.push(...(await timesOf(1, () => library.encrypt(bytes))))
    }
    const value = median(ours)
    figures.push({ name: `sealing ${what}`, value, unit: 'ms', limit })
    figures.push({
      name: `sealing ${what} with age-encryption alone`,
      value: median(theirs),
      unit: 'ms',
      of: value,
    })
  }
  return figures
}

async function outboxFigures(): Promise<Figure[]> {
  await using empty = await mkdtempDisposable(join(tmpdir(), 'at-bench-'))
  await using full = await mkdtempDisposable(join(tmpdir(), 'at-bench-'))
  await fillOutbox(full.path)
  // Once without looking: a file system reads a folder more slowly the first time.
  await openIn(full.path, 0)
  const starts = [await openIn(full.path, 0), await openIn(full.path, 0), await openIn(full.path, 0)]
  // By turns, so that what else the machine does meets both.
  const turns: { none: Opened; all: Opened }[] = []
  for (let turn = 0; turn < 5; turn++)
    turns.push({ none: await openIn(empty.path, 40), all: await openIn(full.path, 40) })
  const middle = (measure: (turn: (typeof turns)[number]) => number) => median(turns.map(measure))
  return [
    {
      name: 'queueing 300 kB, until it is on the disk',
      value: middle(({ none }) => none.putMs),
      unit: 'ms',
      limit: 10,
    },
    { name: 'the same behind 100,000 others', value: middle(({ all }) => all.putMs), unit: 'ms', limit: 10 },
    {
      name: '… compared with none',
      value: middle(({ none, all }) => all.putMs / none.putMs),
      unit: '×',
      limit: 1.5,
    },
    {
      name: 'opening an outbox of 100,000',
      value: median(starts.map(start => start.startMs)),
      unit: 'ms',
      limit: 2000,
    },
    {
      name: 'memory more than with an empty one',
      value: middle(({ none, all }) => all.rssMb - none.rssMb),
      unit: 'MB',
      limit: 50,
    },
  ]
}

/** Small ones, and without waiting for the disk: only their number matters here. */
async function fillOutbox(home: string): Promise<void> {
  const places = placesOf({ ACTIVITY_TRACKER_HOME: home })
  const open = async () => {
    const { db } = openDatabase(places.stateDb)
    const place = { db, folder: places.outbox, quarantine: places.quarantine, device: 'device-bench' }
    return { db, outbox: await openOutbox(place) }
  }
  const before = await open()
  before.db.close()
  for (let seq = 1; seq <= many; seq++) {
    const bytes = Buffer.from(`item ${seq}`)
    const name = {
      seq,
      date: '2026-11-22',
      sha256: hash('sha256', bytes),
      content: { kind: 'screenshot' } as const,
    }
    writeFileSync(join(places.outbox, formatName(name)), bytes)
  }
  // Takes them in, as after the loss of its index.
  const { db, outbox } = await open()
  const { items } = outbox.summary.value
  db.close()
  if (items !== many) throw new Error(`only ${items} in the outbox`)
}

const answer = v.object({ startMs: v.number(), items: v.number(), rssMb: v.number(), putMs: v.number() })

type Opened = v.InferOutput<typeof answer>

async function openIn(home: string, puts: number): Promise<Opened> {
  const program = join(import.meta.dirname, 'full-outbox.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [program, home, `${puts}`])
  return v.parse(answer, JSON.parse(stdout))
}

async function timesOf(runs: number, work: () => unknown): Promise<number[]> {
  const times: number[] = []
  for (let run = 0; run < runs; run++) {
    const begun = performance.now()
    await work()
    times.push(performance.now() - begun)
  }
  return times
}
