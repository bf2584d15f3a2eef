import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { unstored } from '../../../test/contract/unstored-counts-contract.ts'
import { openUnstoredCounts } from './unstored-counts.ts'

function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'unstored-'))
  const path = join(folder, 'unstored-counts')
  const opened = new DisposableStack()
  return {
    folder,
    path,
    open: () => opened.use(openUnstoredCounts(path, () => 0)),
    [Symbol.dispose]() {
      opened.dispose()
      rmSync(folder, { recursive: true })
    },
  }
}

test('nothing to keep makes no file', () => {
  using world = setUp()
  world.open().keep([])
  assert.equal(existsSync(world.path), false)
})

test('no other user can read it, under any umask', () => {
  using world = setUp()
  const umask = process.umask(0)
  try {
    world.open().keep([unstored(1)])
  } finally {
    process.umask(umask)
  }
  assert.equal(statSync(world.path).mode & 0o777, 0o600)
})

test('it never grows, so that a disk that is full later does not refuse', () => {
  using world = setUp()
  const counts = world.open()
  counts.keep([unstored(1)])
  const { size, blocks } = statSync(world.path)
  assert.ok(blocks * 512 >= size, 'no holes')
  for (let interval = 1; interval <= 360; interval++)
    counts.keep(Array.from({ length: interval }, (_, n) => unstored(n)))
  assert.equal(statSync(world.path).size, size)
  assert.equal(world.open().recall().length, 360)
})

test('what is stored does not lie about', () => {
  using world = setUp()
  const counts = world.open()
  for (const keys of [1, 2, 3]) counts.keep([unstored(keys)])
  assert.match(readFileSync(world.path, 'latin1'), /active/)
  counts.keep([])
  assert.ok(readFileSync(world.path).every(byte => byte === 0))
  for (const keys of [1, 2, 3]) counts.keep([unstored(keys)])
  world.open().keep([])
  assert.ok(
    readFileSync(world.path).every(byte => byte === 0),
    'nor when another process forgets it',
  )
})

test('a write that was torn anywhere leaves the one before it', () => {
  using world = setUp()
  const counts = world.open()
  counts.keep([unstored(1)])
  counts.keep([unstored(2)])
  const before = readFileSync(world.path)
  counts.keep([unstored(300)])
  const after = readFileSync(world.path)
  const changed = [...after.keys()].filter(at => after[at] !== before[at])
  const last = changed.at(-1) ?? 0
  for (const at of changed) {
    const torn = Buffer.concat([after.subarray(0, at), before.subarray(at)])
    writeFileSync(world.path, torn)
    assert.deepEqual(world.open().recall(), [unstored(2)], `torn at byte ${at}`)
    const other = Buffer.concat([before.subarray(0, at + 1), after.subarray(at + 1)])
    writeFileSync(world.path, other)
    assert.deepEqual(world.open().recall(), [unstored(at === last && changed.length === 1 ? 300 : 2)])
  }
})

test('a damaged byte gives nothing that was not kept', () => {
  using world = setUp()
  const counts = world.open()
  counts.keep([unstored(1)])
  counts.keep([unstored(2)])
  const whole = readFileSync(world.path)
  const used = [...whole.keys()].filter(at => whole[at] !== 0)
  for (const at of used) {
    const damaged = Buffer.from(whole)
    damaged.writeUInt8(damaged.readUInt8(at) ^ 1, at)
    writeFileSync(world.path, damaged)
    const keys = world
      .open()
      .recall()
      .map(({ keys }) => keys)
    assert.ok(keys.length === 1 && (keys[0] === 1 || keys[0] === 2), `byte ${at}: ${keys}`)
  }
})

test('a link or a pipe in its place is neither read nor written', () => {
  using world = setUp()
  const elsewhere = join(world.folder, 'precious')
  writeFileSync(elsewhere, 'precious')
  symlinkSync(elsewhere, world.path)
  world.open().keep([unstored(1)])
  assert.deepEqual(world.open().recall(), [])
  assert.equal(readFileSync(elsewhere, 'utf8'), 'precious')
  rmSync(world.path)
  execFileSync('mkfifo', [world.path])
  world.open().keep([unstored(1)])
  assert.deepEqual(world.open().recall(), [])
})
