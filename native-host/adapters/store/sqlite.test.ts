import assert from 'node:assert/strict'
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { AppError } from '../../../protocol/errors.ts'
import { openJournal } from './journal-sqlite.ts'
import { openMemory } from './memory-sqlite.ts'
import { type Database, openDatabase, transaction } from './sqlite.ts'

const clock = {
  now: () => Temporal.Instant.from('2026-11-22T10:00:00Z'),
  zone: () => 'UTC',
  monotonicMs: () => 0,
  sleep: () => Promise.resolve(),
}

describe('the state database', () => {
  test('every commit is synced, through a write-ahead log, in files for this user only', () => {
    using world = makeWorld()
    const { db, problem } = world.open()
    assert.equal(problem, undefined)
    assert.equal(db.prepare('PRAGMA journal_mode').get()?.journal_mode, 'wal')
    const full = 2
    assert.equal(db.prepare('PRAGMA synchronous').get()?.synchronous, full)
    openMemory(db).set('device', 'laptop')
    const files = readdirSync(world.folder).sort()
    assert.deepEqual(files, ['ballast', 'state.db', 'state.db-shm', 'state.db-wal'])
    for (const file of files) assert.equal(statSync(join(world.folder, file)).mode & 0o777, 0o600, file)
  })

  test('all of a transaction or nothing of it', () => {
    using world = makeWorld()
    const { db } = world.open()
    const memory = openMemory(db)
    assert.throws(() =>
      transaction(db, () => {
        memory.set('device', 'laptop')
        throw new Error('on the way')
      }),
    )
    assert.equal(memory.get('device'), undefined)
    transaction(db, () => memory.set('device', 'laptop'))
    assert.equal(memory.get('device'), 'laptop')
  })

  test('what a newer version wrote is not touched', () => {
    using world = makeWorld()
    world.open().db.exec('PRAGMA user_version = 1000')
    world.close()
    const before = readFileSync(world.path)
    assert.throws(() => openDatabase(world.path), { code: 'STORE_NEWER' })
    assert.deepEqual(readFileSync(world.path), before)
  })

  test('a folder that cannot be is an error that names it', () => {
    assert.throws(() => openDatabase('/dev/null/home/state.db'), {
      code: 'STORE_NOT_WRITABLE',
      detail: '/dev/null/home',
    })
  })
})

describe('a broken database is kept aside and the agent goes on', () => {
  const damages: { name: string; damage(path: string): void }[] = [
    { name: 'no database at all', damage: path => writeFileSync(path, 'something else '.repeat(1000)) },
    { name: 'its first page overwritten', damage: path => overwrite(path, 100, 2000) },
    { name: 'cut to half', damage: path => truncateSync(path, statSync(path).size / 2) },
    { name: 'cut within a page', damage: path => truncateSync(path, statSync(path).size - 5000) },
    { name: 'its last page overwritten', damage: path => overwrite(path, statSync(path).size - 4096, 4096) },
  ]
  for (const { name, damage } of damages)
    test(name, () => {
      using world = makeWorld()
      openMemory(world.open().db).set('device', 'laptop')
      world.close()
      damage(world.path)
      const broken = readFileSync(world.path)

      const { db, problem } = world.open()
      assert.equal(problem?.code, 'STORE_DAMAGED')
      assert.match(problem?.detail ?? '', /\/state\.broken-\d{4}-\d\d-\d\dT[\d.-]+Z\.db$/)
      assert.deepEqual(readFileSync(problem?.detail ?? ''), broken, 'as it was found')
      assert.equal(openJournal(db, clock).append({ kind: 'resumed' }).kind, 'resumed')
      world.close()
      assert.equal(world.open().problem, undefined, 'once')
    })

  test('what can still be read is carried over: here all but the minutes', () => {
    using world = makeWorld()
    const first = world.open().db
    openMemory(first).set('device', 'laptop')
    const journal = openJournal(first, clock)
    for (let n = 0; n < 50; n++) journal.append({ kind: 'resumed' })
    journal.forget(20)
    const before = journal.unsealed(100)
    const page = first.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'spent_minute'").get()
    world.close()
    overwrite(world.path, (Number(page?.rootpage) - 1) * 4096, 4096)

    const { db, problem } = world.open()
    assert.equal(problem?.code, 'STORE_DAMAGED')
    assert.equal(openMemory(db).get('device'), 'laptop')
    assert.deepEqual(openJournal(db, clock).unsealed(100), before)
    assert.equal(openJournal(db, clock).append({ kind: 'resumed' }).seq, 51)
  })

  test('a form of schema that SQLite does not know is damage, and no error of ours', () => {
    using world = makeWorld()
    openMemory(world.open().db).set('device', 'laptop')
    world.close()
    const bytes = readFileSync(world.path)
    // https://sqlite.org/fileformat2.html#the_database_header: 1 to 4.
    bytes.writeUInt32BE(5, 44)
    writeFileSync(world.path, bytes)
    const { db, problem } = world.open()
    assert.equal(problem?.code, 'STORE_DAMAGED')
    openMemory(db).set('device', 'other')
  })

  test('what was only in the write-ahead log is carried over, and in what is kept aside too', () => {
    using world = makeWorld()
    const { db } = world.open()
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    openMemory(db).set('device', 'laptop')
    using killed = makeWorld()
    for (const suffix of ['', '-wal']) copyFileSync(world.path + suffix, killed.path + suffix)
    const page = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'spent_minute'").get()
    overwrite(killed.path, (Number(page?.rootpage) - 1) * 4096, 4096)

    const { db: rebuilt, problem } = killed.open()
    assert.equal(openMemory(rebuilt).get('device'), 'laptop')
    using aside = new DatabaseSync(problem?.detail ?? '', { readOnly: true })
    assert.equal(aside.prepare('SELECT value FROM fact').get()?.value, '"laptop"')
  })

  test('died between any two of its renames, it goes on at the next start', () => {
    for (const died of ['before the log was moved', 'before the new one got its name']) {
      using world = makeWorld()
      openMemory(world.open().db).set('device', 'laptop')
      world.close()
      renameSync(world.path, `${world.path}.rebuilt`)
      if (died === 'before the log was moved') writeFileSync(`${world.path}-wal`, 'of the broken one')

      assert.equal(openMemory(world.open().db).get('device'), 'laptop', died)
      assert.equal(existsSync(`${world.path}.rebuilt`), false)
      const logs = readdirSync(world.folder).filter(file => /^state\.broken-.*\.db-wal$/.test(file))
      assert.equal(logs.length, died === 'before the log was moved' ? 1 : 0)
    }
  })

  test('property: with any bytes overwritten, it opens and stores', () => {
    using world = makeWorld()
    const original = world.open().db
    const journal = openJournal(original, clock)
    for (let n = 0; n < 100; n++) journal.append({ kind: 'resumed' })
    openMemory(original).set('device', 'laptop')
    world.close()
    const sound = readFileSync(world.path)
    const spot = fc.tuple(fc.nat(sound.length - 1), fc.uint8Array({ minLength: 1, maxLength: 64 }))
    fc.assert(
      fc.property(fc.array(spot, { minLength: 1, maxLength: 5 }), spots => {
        using each = makeWorld()
        const bytes = Buffer.from(sound)
        for (const [at, change] of spots) bytes.set(change.subarray(0, bytes.length - at), at)
        writeFileSync(each.path, bytes)
        try {
          const { db } = each.open()
          openMemory(db).set('device', 'other')
          assert.equal(openMemory(db).get('device'), 'other')
        } catch (error) {
          // The one field that looks the same in a later version.
          assert.ok(error instanceof AppError)
          assert.equal(error.code, 'STORE_NEWER')
        }
      }),
      { numRuns: 60 },
    )
  })
})

function makeWorld() {
  const folder = mkdtempSync(join(tmpdir(), 'sqlite-'))
  const path = join(folder, 'state.db')
  let db: Database | undefined

  return {
    folder,
    path,
    open() {
      db?.close()
      const opened = openDatabase(path)
      db = opened.db
      return opened
    },
    close() {
      db?.close()
      db = undefined
    },
    [Symbol.dispose]() {
      db?.close()
      rmSync(folder, { recursive: true })
    },
  }
}

function overwrite(path: string, from: number, length: number): void {
  const bytes = readFileSync(path)
  bytes.fill(0xa5, from, from + length)
  writeFileSync(path, bytes)
}
