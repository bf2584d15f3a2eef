import { hash } from 'node:crypto'
import { closeSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { systemClock } from '../../native-host/adapters/clock/system-clock.ts'
import { formatName } from '../../native-host/adapters/store/outbox-name.ts'
import { composeTracker, deliverTo, type Tracker } from './compose-tracker.ts'
import type { FolderScene } from './scene.ts'

/** Leaves behind what each kind of sudden end leaves behind, all at once, so that the next start has much to do. */
export async function leaveUntidyHome(scene: FolderScene): Promise<void> {
  using tracker = await composeTracker({
    home: scene.home,
    clock: systemClock,
    deliverTo: deliverTo(scene.destination),
  })
  const { journal, outbox, places } = tracker
  for (let n = 0; n < 3; n++) append(tracker, scene)
  await tracker.sealing.sealAll()

  // Delivered, and killed before it was removed from the outbox.
  const delivered = await store(tracker, scene)
  const target = join(scene.destination.folder, delivered.key)
  await mkdir(dirname(target), { recursive: true })
  await copyFile(join(places.outbox, delivered.file), target)

  // Sealed, and killed before the journal could forget the records.
  for (let n = 0; n < 2; n++) append(tracker, scene)
  const segment = journal.unsealed(100)
  if (!segment) throw new Error('there is nothing to seal')
  const sealed = await tracker.sealer.seal(await tracker.compress(new TextEncoder().encode(segment.lines)))
  await outbox.put({
    at: segment.oldest,
    sealed,
    content: { kind: 'records', from: segment.from, to: segment.to },
  })
  append(tracker, scene)

  // Written whole, and killed before the index could follow.
  const orphan = Buffer.from('an orphan')
  const orphanSealed = await tracker.sealer.seal(orphan)
  const name = { seq: 900, date: '2026-11-22', content: { kind: 'screenshot' } } as const
  writeFileSync(
    join(places.outbox, formatName({ ...name, sha256: hash('sha256', orphanSealed) })),
    orphanSealed,
  )
  scene.note([{ says: 'picture', sha256: hash('sha256', orphan) }])

  // Killed while writing; and a file that another program put there.
  const unfinished = formatName({ ...name, seq: 901, sha256: hash('sha256', 'unfinished') })
  writeFileSync(join(places.outbox, `${unfinished}.4194304.tmp`), 'half of a fi')
  writeFileSync(join(places.outbox, 'notes.txt'), 'not ours')
}

/** A database whose list of free pages is wrong: SQLite calls it damaged, and all of its rows can still be read. */
export function damageDatabase({ home }: FolderScene): void {
  const freePages = 36
  const file = openSync(join(home, 'state.db'), 'r+')
  try {
    const count = Buffer.alloc(4)
    readSync(file, count, 0, 4, freePages)
    count.writeUInt32BE(count.readUInt32BE() + 1)
    writeSync(file, count, 0, 4, freePages)
  } finally {
    closeSync(file)
  }
}

function append({ journal }: Tracker, scene: FolderScene): void {
  const { seq, ...record } = journal.append({ kind: 'resumed' })
  scene.note([{ says: 'record', seq, sha256: hash('sha256', JSON.stringify({ seq, ...record })) }])
}

async function store(
  { outbox, sealer }: Tracker,
  scene: FolderScene,
): Promise<{ key: string; file: string }> {
  const picture = Buffer.from('a picture')
  const sealed = await sealer.seal(picture)
  const { key } = await outbox.put({ at: systemClock.now(), sealed, content: { kind: 'screenshot' } })
  scene.note([{ says: 'picture', sha256: hash('sha256', picture) }])
  const [, date = '', name = ''] = key.split('/')
  const seq = Number.parseInt(name, 10)
  return {
    key,
    file: formatName({ seq, date, content: { kind: 'screenshot' }, sha256: hash('sha256', sealed) }),
  }
}
