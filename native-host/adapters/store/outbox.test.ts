import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { hash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { readItem } from '../../../test/support/sealed-bytes.ts'
import type { NewItem, Outbox } from '../../delivery/ports.ts'
import { openOutbox } from './outbox.ts'
import { type Database, openDatabase } from './sqlite.ts'

/** Without it a file that the index does not know is none of ours. */
const ageBeginning = 'age-encryption.org/v1\n'
const at = Temporal.Instant.from('2026-11-22T10:00:00Z')
const records = (from: number, to: number): NewItem => ({
  at,
  sealed: new TextEncoder().encode(`${ageBeginning}records ${from} to ${to}`),
  content: { kind: 'records', from, to },
})

describe('what an outbox makes of what an earlier run left', () => {
  test('a file without a row: accepted just before the end, so it is taken in', async () => {
    using world = makeWorld()
    const item = await (await world.open()).put(records(1, 30))
    world.db().exec('DELETE FROM outbox_item; DELETE FROM outbox_state')
    const written = Temporal.Instant.from('2026-11-22T10:00:05Z').epochMilliseconds / 1000
    utimesSync(join(world.outbox, world.files()[0] ?? ''), written, written)

    const outbox = await world.open()
    assert.deepEqual(
      [outbox.next()?.key, outbox.next()?.bytes, outbox.next()?.queuedAt.toString()],
      [item.key, item.bytes, '2026-11-22T10:00:05Z'],
    )
    assert.equal(outbox.coveredThrough(), 30)
    assert.equal(textOf(await readItem(outbox, item)), 'records 1 to 30')
    assert.match((await outbox.put(records(31, 40))).key, /\/000000000002-/)
  })

  test('a lost database: the files alone are enough', async () => {
    using world = makeWorld()
    const before = await world.open()
    const keys: string[] = []
    for (let n = 1; n <= 12; n++) keys.push((await before.put(records(n, n))).key)
    world.loseDatabase()

    const after = await world.open()
    for (const key of keys) {
      const item = after.next()
      assert.equal(item?.key, key)
      if (item) await after.remove(item)
    }
    assert.equal(after.coveredThrough(), 12)
    assert.match((await after.put(records(13, 13))).key, /\/000000000013-/)
  })

  test('a half-written file: never accepted, so it goes', async () => {
    using world = makeWorld()
    await (await world.open()).put(records(1, 1))
    const [file = ''] = world.files()
    writeFileSync(join(world.outbox, `${file.replace(/^0{11}1/, '000000000002')}.4711.tmp`), 'half')

    assert.equal((await world.open()).summary.value.items, 1)
    assert.deepEqual(world.files(), [file])
    assert.deepEqual(world.quarantined(), [])
  })

  test('a row without its file: a loss, which is counted and shown', async () => {
    using world = makeWorld()
    const before = await world.open()
    await before.put(records(1, 1))
    await before.put(records(2, 2))
    const [gone = '', stays = ''] = world.files()
    rmSync(join(world.outbox, gone))

    const after = await world.open()
    assert.deepEqual([after.summary.value.items, after.summary.value.quarantined], [1, 1])
    assert.deepEqual(world.files(), [stays])
    assert.deepEqual(world.quarantined(), [`${gone}.missing`])
    assert.equal((await world.open()).summary.value.quarantined, 1, 'once')
    assert.equal((await world.open()).coveredThrough(), 2)
  })

  test('a row whose file is in quarantine: its run died in between, and it is counted once', async () => {
    using world = makeWorld()
    await (await world.open()).put(records(1, 1))
    const [file = ''] = world.files()
    cpSync(join(world.outbox, file), join(world.quarantine, file))
    rmSync(join(world.outbox, file))

    const { items, quarantined } = (await world.open()).summary.value
    assert.deepEqual({ items, quarantined }, { items: 0, quarantined: 1 })
  })

  test('strange files: set aside and counted, never deleted, never delivered', async () => {
    using world = makeWorld()
    await world.open()
    writeFileSync(join(world.outbox, 'notes.txt'), 'mine')
    writeFileSync(join(world.outbox, 'report.123.tmp'), 'mine too')
    mkdirSync(join(world.outbox, 'a folder'))
    writeFileSync(join(world.outbox, 'a folder', 'inside'), '')
    writeFileSync(join(world.outbox, '.DS_Store'), 'left by a file manager')

    const { items, quarantined } = (await world.open()).summary.value
    assert.deepEqual({ items, quarantined }, { items: 0, quarantined: 3 })
    assert.deepEqual(world.quarantined(), ['a folder', 'notes.txt', 'report.123.tmp'])
    writeFileSync(join(world.outbox, 'notes.txt'), 'mine again')
    await world.open()
    assert.deepEqual(world.quarantined(), ['a folder', 'notes.txt', 'notes.txt.2', 'report.123.tmp'])
    assert.deepEqual(world.files(), ['.DS_Store'])
  })

  test('a file of the right name and hash that is not sealed, and names that are not UTF-8: set aside and named', async () => {
    using world = makeWorld()
    await (await world.open()).put(records(1, 1))
    const [file = ''] = world.files()
    const plain = Buffer.from('everything in the clear')
    const name = file.replace(/^0{11}1/, '000000000002').replace(/[0-9a-f]{64}/, hash('sha256', plain))
    writeFileSync(join(world.outbox, name), plain)
    writeFileSync(Buffer.concat([Buffer.from(`${world.outbox}/`), Buffer.of(0x61, 0xff, 0x0a)]), '')
    const named: string[] = []
    const { items, quarantined } = (await world.open(stranger => named.push(stranger))).summary.value
    assert.deepEqual([items, quarantined, named.sort()], [1, 2, [name, 'a\\xff\\x0a'].sort()])
    assert.deepEqual(world.quarantined(), named)
  })

  test('two files with one number: the second is set aside rather than delivered in the place of the first', async () => {
    using world = makeWorld()
    await (await world.open()).put(records(1, 1))
    const [file = ''] = world.files()
    cpSync(join(world.outbox, file), join(world.outbox, file.replace('2026-11-22', '2026-11-23')))
    const { items, quarantined } = (await world.open()).summary.value
    assert.deepEqual({ items, quarantined }, { items: 1, quarantined: 1 })
  })

  test('a row that is no longer what was written: its file is taken in again', async () => {
    using world = makeWorld()
    await (await world.open()).put(records(1, 1))
    for (const change of ["file = 'nonsense'", 'seq = seq + 5']) {
      world.db().exec(`UPDATE outbox_item SET ${change}`)
      const item = (await world.open()).next()
      assert.ok(item, change)
      assert.equal(textOf(await readItem(await world.open(), item)), 'records 1 to 1')
    }
  })

  test('it may be started any number of times on the way', async () => {
    using world = makeWorld()
    await (await world.open()).put(records(1, 1))
    for (let n = 0; n < 3; n++) await world.open()
    assert.equal((await world.open()).summary.value.items, 1)
  })
})

describe('damage', () => {
  test('every flipped bit and every shorter length of a file is noticed, and only that file is lost', async () => {
    using world = makeWorld()
    const sound = Uint8Array.of(0x00, 0xff, 0x5a)
    const before = await world.open()
    const item = await before.put({ ...records(1, 9), sealed: sound })
    const neighbour = await before.put(records(10, 19))
    const [file = ''] = world.files()
    const variants = [
      ...Array.from({ length: sound.length * 8 }, (_, bit) =>
        sound.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)),
      ),
      ...Array.from({ length: sound.length }, (_, length) => sound.subarray(0, length)),
      Uint8Array.of(...sound, 0),
    ]
    for (const [n, bytes] of variants.entries()) {
      writeFileSync(join(world.outbox, file), bytes)
      const outbox = await world.open()
      await assert.rejects(readItem(outbox, item), { code: 'STORE_DAMAGED' })
      assert.equal(outbox.summary.value.quarantined, n + 1)
      assert.equal(textOf(await readItem(outbox, neighbour)), 'records 10 to 19')
    }
  })

  test('the error names the place where the file is kept now', async () => {
    using world = makeWorld()
    const outbox = await world.open()
    const item = await outbox.put(records(1, 1))
    const [file = ''] = world.files()
    writeFileSync(join(world.outbox, file), 'else')
    await assert.rejects(readItem(outbox, item), {
      code: 'STORE_DAMAGED',
      detail: join(world.quarantine, file),
    })
    assert.equal(existsSync(join(world.quarantine, file)), true)
  })

  for (const [what, plant] of [
    ['a pipe', (path: string) => execFileSync('mkfifo', [path])],
    ['a link', (path: string) => symlinkSync('/etc/passwd', path)],
    ['a folder', (path: string) => mkdirSync(path)],
  ] as const)
    test(`${what} in the place of a file is a loss, and nothing waits for it`, async () => {
      using world = makeWorld()
      const outbox = await world.open()
      const item = await outbox.put(records(1, 1))
      const path = join(world.outbox, world.files()[0] ?? '')
      rmSync(path)
      plant(path)
      await assert.rejects(readItem(outbox, item), { code: 'STORE_DAMAGED' })
      assert.deepEqual([outbox.summary.value.items, outbox.summary.value.quarantined], [0, 1])
    })

  test('a file that vanished while running is a loss, not a crash', async () => {
    using world = makeWorld()
    const outbox = await world.open()
    const item = await outbox.put(records(1, 1))
    rmSync(join(world.outbox, world.files()[0] ?? ''))
    await assert.rejects(readItem(outbox, item), { code: 'STORE_DAMAGED' })
    assert.deepEqual(
      [outbox.summary.value.items, outbox.summary.value.quarantined, outbox.next()],
      [0, 1, undefined],
    )
  })
})

describe('a put that fails', () => {
  test('leaves nothing behind when the file cannot be written', async () => {
    using world = makeWorld()
    const outbox = await world.open()
    rmSync(world.outbox, { recursive: true })
    await assert.rejects(outbox.put(records(1, 5)), { code: 'STORE_NOT_WRITABLE', detail: world.outbox })
    mkdirSync(world.outbox)
    const item = await outbox.put(records(1, 5))
    assert.equal(outbox.summary.value.items, 1)
    assert.match(item.key, /\/000000000002-/, 'and its number is not used again')
  })
})

describe('an index that cannot be stored', () => {
  // As after a failed fsync: what SQLite rolled back may be there again after a crash, so the file must stay.
  const refuse = "CREATE TRIGGER refuse BEFORE INSERT ON outbox_item BEGIN SELECT raise(ABORT, 'no'); END"

  test('does not keep items out, in their order', async () => {
    using world = makeWorld()
    const outbox = await world.open()
    await outbox.put(records(1, 1))
    world.db().exec(refuse)
    await outbox.put(records(2, 2))
    await outbox.put(records(3, 3))
    assert.equal(outbox.coveredThrough(), 3)
    assert.equal(outbox.summary.value.items, 3)
    world.db().exec('DROP TRIGGER refuse')
    assert.deepEqual(await drain(outbox), ['records 1 to 1', 'records 2 to 2', 'records 3 to 3'])
    assert.deepEqual(world.files(), [])
  })

  test('does not lose them at a restart, even if it still cannot be stored then', async () => {
    using world = makeWorld()
    const before = await world.open()
    world.db().exec(refuse)
    await before.put(records(1, 5))
    await before.put(records(6, 9))
    const after = await world.open()
    assert.equal(after.coveredThrough(), 9)
    assert.deepEqual(
      [after.summary.value.items, after.summary.value.bytes],
      [2, 28 + 2 * ageBeginning.length],
    )
    assert.match((await after.put(records(10, 12))).key, /\/000000000003-/)
    world.db().exec('DROP TRIGGER refuse')
    assert.deepEqual(await drain(after), ['records 1 to 5', 'records 6 to 9', 'records 10 to 12'])
  })

  test('is reported where an item would be removed, which stays', async () => {
    using world = makeWorld()
    const outbox = await world.open()
    world.db().exec(refuse)
    const item = await outbox.put(records(1, 5))
    assert.equal(textOf(await readItem(outbox, item)), 'records 1 to 5')
    await assert.rejects(outbox.remove(item))
    assert.deepEqual([outbox.next()?.key, outbox.summary.value.items, world.files().length], [item.key, 1, 1])
  })
})

test('files and folders are for this user only', async () => {
  using world = makeWorld()
  await (await world.open()).put(records(1, 1))
  const mode = (path: string) => statSync(path).mode & 0o777
  assert.deepEqual(
    [mode(world.outbox), mode(world.quarantine), mode(join(world.outbox, world.files()[0] ?? ''))],
    [0o700, 0o700, 0o600],
  )
})

function makeWorld() {
  const home = mkdtempSync(join(tmpdir(), 'outbox-'))
  chmodSync(home, 0o700)
  const outbox = join(home, 'outbox')
  const quarantine = join(home, 'quarantine')
  let db: Database | undefined

  return {
    outbox,
    quarantine,
    files: () => readdirSync(outbox).sort(),
    quarantined: () => readdirSync(quarantine).sort(),
    db() {
      assert.ok(db)
      return db
    },
    open(onStranger?: (name: string) => void): Promise<Outbox> {
      db?.close()
      db = openDatabase(join(home, 'state.db')).db
      return openOutbox({
        db,
        folder: outbox,
        quarantine,
        device: 'laptop',
        ...(onStranger && { onStranger }),
      })
    },
    loseDatabase() {
      db?.close()
      db = undefined
      for (const file of readdirSync(home)) if (file.startsWith('state.db')) rmSync(join(home, file))
    },
    [Symbol.dispose]() {
      db?.close()
      rmSync(home, { recursive: true })
    },
  }
}

async function drain(outbox: Outbox): Promise<string[]> {
  const texts: string[] = []
  for (let item = outbox.next(); item; item = outbox.next()) {
    texts.push(textOf(await readItem(outbox, item)))
    await outbox.remove(item)
  }
  return texts
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).replace(ageBeginning, '')
}
