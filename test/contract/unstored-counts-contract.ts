import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { UnstoredCounts } from '../../native-host/activity/ports.ts'
import type { UnstoredInterval } from '../../native-host/activity/unstored-intervals.ts'

export type UnstoredWorld = {
  /** Opens it again, as after a kill. */
  open(): UnstoredCounts
  /** The journal took so many intervals. */
  store(count: number): void
  [Symbol.dispose](): void
}

export function unstored(keys: number): UnstoredInterval {
  return {
    ...{ keys, clicks: 1, wheel: 2, distance_px: 300, active_seconds: 4 },
    from: '2026-11-22T10:00:00.000Z',
    lengthMs: 5300,
    incomplete: false,
    presence: 'active',
    verdict: 'genuine',
    discarded: false,
  }
}

/** What everything does that keeps what is not stored. */
export function unstoredCountsContract(name: string, make: () => UnstoredWorld): void {
  describe(`unstored counts: ${name}`, () => {
    test('nothing was kept', () => {
      using world = make()
      assert.deepEqual(world.open().recall(), [])
    })

    test('the last that was kept is there after a kill', () => {
      using world = make()
      const counts = world.open()
      for (const keys of [1, 2, 3, 4, 5]) {
        counts.keep([unstored(keys)])
        assert.deepEqual(world.open().recall(), [unstored(keys)])
      }
    })

    test('what the journal took by then is not there any more', () => {
      using world = make()
      world.store(100)
      world.open().keep([1, 2, 3].map(unstored))
      for (const left of [[1, 2, 3], [2, 3], [3], [], []]) {
        assert.deepEqual(world.open().recall(), left.map(unstored))
        world.store(1)
      }
    })

    test('what was kept by a journal of which nothing is known any more counts as stored', () => {
      using world = make()
      world.store(3)
      world.open().keep([unstored(1)])
      world.store(-3)
      assert.deepEqual(world.open().recall(), [])
    })

    test('keeping nothing forgets', () => {
      using world = make()
      world.open().keep([unstored(1)])
      world.open().keep([])
      assert.deepEqual(world.open().recall(), [])
    })
  })
}
