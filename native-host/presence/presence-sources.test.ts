import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPresenceBoard } from './presence-sources.ts'

test('device activity lasts until a source reports its end, and the source states when it ended', () => {
  const board = createPresenceBoard()
  assert.equal(board.lastInput(0), undefined)
  board.note({ kind: 'active', source: 'wayland' }, 1000)
  assert.deepEqual(board.lastInput(9000), { atMs: 9000, source: 'wayland' })
  board.note({ kind: 'still', source: 'wayland', forMs: 1000 }, 10_000)
  assert.deepEqual(board.lastInput(60_000), { atMs: 9000, source: 'wayland' })
  assert.deepEqual(board.deviceActivity(), { kind: 'still', sinceMs: 9000 })
})

test('a repeated report begins nothing new', () => {
  const board = createPresenceBoard()
  board.note({ kind: 'active', source: 'x' }, 1000)
  board.note({ kind: 'active', source: 'x' }, 5000)
  assert.deepEqual(board.deviceActivity(), { kind: 'active', sinceMs: 1000 })
})

test('of two sources that disagree, the one that reports device activity counts', () => {
  const board = createPresenceBoard()
  board.note({ kind: 'still', source: 'mutter', forMs: 60_000 }, 60_000)
  board.note({ kind: 'active', source: 'wayland' }, 50_000)
  assert.equal(board.lastInput(70_000)?.source, 'wayland')
  board.note({ kind: 'still', source: 'wayland', forMs: 1000 }, 70_000)
  assert.deepEqual(board.lastInput(99_000), { atMs: 69_000, source: 'wayland' })
})

test('the reports of a lost source do not count', () => {
  const board = createPresenceBoard()
  board.note({ kind: 'active', source: 'wayland' }, 0)
  board.note({ kind: 'lock', source: 'logind', locked: true }, 0)
  board.note({ kind: 'sleep', source: 'logind', asleep: true }, 0)
  assert.deepEqual([board.lockedBy(), board.asleepBy()], ['logind', 'logind'])
  board.note({ kind: 'gone', source: 'logind' }, 0)
  board.note({ kind: 'gone', source: 'wayland' }, 0)
  assert.deepEqual(
    [board.lockedBy(), board.asleepBy(), board.deviceActivity()],
    [undefined, undefined, undefined],
  )
})
