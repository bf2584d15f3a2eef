import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, beforeEach, describe, test } from 'node:test'
import { openConfigFile } from '../../native-host/adapters/store/config-file.ts'
import { diskRoom } from '../../native-host/adapters/store/disk-room.ts'
import { openJournal } from '../../native-host/adapters/store/journal-sqlite.ts'
import { acquireLock } from '../../native-host/adapters/store/lock.ts'
import { openMemory } from '../../native-host/adapters/store/memory-sqlite.ts'
import { openOutbox } from '../../native-host/adapters/store/outbox.ts'
import { openDatabase } from '../../native-host/adapters/store/sqlite.ts'
import { coveredHead } from '../../native-host/adapters/store/waiting-head.ts'
import type { NewItem } from '../../native-host/delivery/ports.ts'
import { readItem } from '../support/sealed-bytes.ts'

/** A disk of 2 MiB of its own, so that full and read-only are the kernel's words and not ours. */
const disk = mkdtempSync(join(tmpdir(), 'small-disk-'))
const skip = whyNot()
if (skip) rmSync(disk, { recursive: true })

const clock = {
  now: () => Temporal.Instant.from('2026-11-22T10:00:00Z'),
  zone: () => 'UTC',
  monotonicMs: () => 0,
  sleep: () => Promise.resolve(),
}

describe('a real disk', { skip }, () => {
  beforeEach(() => mount('-t', 'tmpfs', '-o', 'size=2m', 'none', disk))
  afterEach(() => execFileSync('umount', [disk]))
  after(() => rmSync(disk, { recursive: true }))

  test('fills up: each write says so, nothing accepted is lost, and all goes on when there is room', async () => {
    await using world = await openWorld()
    const { db, outbox, journal, memory, config } = world
    memory.set('device', 'laptop')
    await config.change('idle_after', 60)
    journal.append({ kind: 'resumed' })
    const first = await outbox.put(picture(100_000))

    fill()
    const full = { code: 'DISK_FULL' }
    await assert.rejects(outbox.put(picture(100_000)), full)
    await assert.rejects(config.change('idle_after', 90), full)
    let records = 1
    assert.throws(() => {
      for (; records < 10_000; records++) journal.append({ kind: 'resumed' })
    }, full)
    assert.throws(() => memory.set('device', 'another'), full)
    assert.deepEqual(
      readdirSync(join(disk, 'outbox')).map(file => statSync(join(disk, 'outbox', file)).size),
      [100_000],
      'no short file and no rest of one',
    )
    assert.equal(memory.get('device'), 'laptop')
    assert.equal(config.current.value.idle_after, 60)
    assert.equal((await readItem(outbox, first)).length, 100_000)

    rmSync(filler)
    assert.equal(journal.append({ kind: 'resumed' }).seq, records + 1)
    await outbox.put(picture(100_000))
    await config.change('idle_after', 90)
    memory.set('device', 'another')
    assert.equal(journal.unsealed(20_000)?.count, records + 1)
    assert.equal(outbox.summary.value.items, 2)
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  })

  test('what the disk would say to a write is known without writing', async () => {
    const room = diskRoom(disk)
    const says = (code: string | undefined) => {
      if (code === undefined) assert.doesNotThrow(room.check)
      else assert.throws(room.check, { code, detail: disk })
    }
    says(undefined)
    fill()
    says('DISK_FULL')
    rmSync(filler)
    says(undefined)
    mount('-o', 'remount,ro', disk)
    says('STORE_NOT_WRITABLE')
    mount('-o', 'remount,rw', disk)
    says(undefined)
    // Room for bytes is not room for files.
    execFileSync('umount', [disk])
    mount('-t', 'tmpfs', '-o', 'size=2m,nr_inodes=3', 'none', disk)
    for (const file of ['one', 'two']) closeSync(openSync(join(disk, file), 'w'))
    says('DISK_FULL')
    rmSync(join(disk, 'one'))
    says(undefined)
    execFileSync('umount', [disk])
    says(undefined)
    rmSync(disk, { recursive: true })
    says('STORE_NOT_WRITABLE')
    mkdirSync(disk)
    mount('-t', 'tmpfs', '-o', 'size=2m', 'none', disk)
  })

  test('full: a delivered item can still be removed, which makes room', async () => {
    await using world = await openWorld()
    const { outbox, journal } = world
    const items = [await outbox.put(picture(100_000)), await outbox.put(picture(100_000))]
    fill()
    assert.throws(() => {
      for (let n = 0; n < 10_000; n++) journal.append({ kind: 'resumed' })
    })
    for (const item of items) await outbox.remove(item)
    assert.equal(outbox.summary.value.items, 0)
    journal.append({ kind: 'resumed' })
  })

  test('full at the start: it opens and knows what it had', async () => {
    {
      await using world = await openWorld()
      await world.outbox.put(picture(100_000))
      world.journal.append({ kind: 'resumed' })
    }
    fill()
    {
      using lock = acquireLock(join(disk, 'lock.db'))
      assert.ok(lock)
      await using world = await openWorld()
      assert.equal(world.outbox.summary.value.items, 1)
      assert.equal(world.journal.unsealed(10)?.count, 1)
    }
  })

  test('turns read-only: each write says so, reading goes on, and so does writing afterwards', async () => {
    await using world = await openWorld()
    const { outbox, memory, config } = world
    const item = await outbox.put(picture(1000))
    memory.set('device', 'laptop')
    await config.change('idle_after', 60)
    // Only what has no file open for writing can be made read-only, and a database has.
    world.db.close()
    mount('-o', 'remount,ro', disk)
    const notWritable = { code: 'STORE_NOT_WRITABLE' }
    try {
      await assert.rejects(config.change('idle_after', 90), notWritable)
      await assert.rejects(outbox.put(picture(1000)), notWritable)
      assert.throws(() => openDatabase(join(disk, 'state.db')), notWritable)
      assert.throws(() => acquireLock(join(disk, 'lock.db')), notWritable)
      assert.throws(() => acquireLock(join(disk, 'new', 'lock.db')), notWritable)
      assert.equal((await openConfigFile(join(disk, 'config.json'))).current.value.idle_after, 60)
    } finally {
      mount('-o', 'remount,rw', disk)
    }
    await using again = await openWorld()
    assert.equal((await readItem(again.outbox, item)).length, 1000)
    await again.outbox.put(picture(1000))
    assert.equal(again.memory.get('device'), 'laptop')
  })
})

async function openWorld() {
  const { db } = openDatabase(join(disk, 'state.db'))
  const place = { folder: join(disk, 'outbox'), quarantine: join(disk, 'quarantine'), device: 'laptop' }
  const outbox = await openOutbox({ db, ...place })
  return {
    db,
    outbox,
    journal: openJournal(db, clock, coveredHead(outbox.coveredThrough(), undefined)),
    memory: openMemory(db),
    config: await openConfigFile(join(disk, 'config.json')),
    async [Symbol.asyncDispose]() {
      if (db.isOpen) db.close()
    },
  }
}

function picture(bytes: number): NewItem {
  const sealed = new Uint8Array(bytes).fill(7)
  return { at: clock.now(), sealed, content: { kind: 'screenshot' } }
}

const filler = join(disk, 'filler')

function fill(): void {
  const file = openSync(filler, 'a')
  try {
    for (;;) writeSync(file, new Uint8Array(4096))
  } catch (error) {
    assert.ok(error instanceof Error && 'code' in error && error.code === 'ENOSPC')
  } finally {
    closeSync(file)
  }
}

function mount(...args: string[]): void {
  execFileSync('mount', args, { stdio: 'pipe' })
}

function whyNot(): string | false {
  if (process.platform !== 'linux') return 'needs a Linux tmpfs'
  if (process.getuid?.() !== 0) return 'only root may mount a small disk'
  try {
    mount('-t', 'tmpfs', '-o', 'size=2m', 'none', disk)
    execFileSync('umount', [disk])
    return false
  } catch {
    return 'mounting is not permitted here'
  }
}
