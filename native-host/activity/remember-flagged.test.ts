import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeDisk, fakeMemory } from '../../test/fakes-storage.ts'
import { noCounts } from '../input/input-window.ts'
import { createSignal } from '../kernel/signals.ts'
import type { Judged } from './flagged-stretch.ts'
import { createFlagged } from './remember-flagged.ts'

const scripted = { verdict: 'scripted', rules: 1, evidence: [] } as const

function interval(time: string, verdict: 'genuine' | 'scripted' = 'scripted'): Judged {
  return {
    kind: 'interval',
    from: `2026-11-22T${time}.000Z`,
    length_ms: 10_000,
    ...noCounts,
    activity: '',
    presence: 'active',
    genuineness: { ...scripted, evidence: [], verdict },
  }
}

function start(memory = fakeMemory()) {
  const judged = createSignal<Judged | undefined>(undefined)
  const extended = createSignal<Judged | undefined>(undefined)
  const flagged = createFlagged({ judged: [judged, extended], memory })
  return { judged, extended, flagged, memory, restart: () => start(memory) }
}

const spansOf = ({ flagged }: ReturnType<typeof start>) =>
  flagged.stretches.value.map(({ from, to }) => [from.slice(11, 19), to.slice(11, 19)])

test('intervals that are flagged and verdicts that reach back make a stretch, also after a restart', () => {
  const world = start()
  world.judged.value = interval('12:00:00', 'genuine')
  assert.deepEqual(spansOf(world), [])
  world.extended.value = {
    kind: 'verdict.extended',
    from: '2026-11-22T12:00:00.000Z',
    to: '2026-11-22T12:00:10.000Z',
    genuineness: { ...scripted, evidence: [] },
    scripted_input: 'discard',
    minutes: [],
  }
  world.judged.value = interval('12:00:10')
  assert.deepEqual(spansOf(world), [['12:00:00', '12:00:20']])
  assert.deepEqual(spansOf(world.restart()), [['12:00:00', '12:00:20']])
})

test('a stretch that was withdrawn stays withdrawn after a restart', () => {
  const world = start()
  world.judged.value = interval('12:00:00')
  world.flagged.withdraw('2026-11-22T11:59:00.000Z', '2026-11-22T11:59:59.000Z')
  assert.deepEqual(spansOf(world), [['12:00:00', '12:00:10']])
  world.flagged.withdraw('2026-11-22T12:00:00.000Z', '2026-11-22T12:00:10.000Z')
  assert.deepEqual(spansOf(world), [])
  assert.deepEqual(spansOf(world.restart()), [])
})

test('withdrawing one of several stretches leaves the others', () => {
  const world = start()
  for (const time of ['12:00:00', '12:10:00', '12:20:00']) world.judged.value = interval(time)
  world.flagged.withdraw('2026-11-22T12:10:00.000Z', '2026-11-22T12:10:05.000Z')
  const left = [
    ['12:20:00', '12:20:10'],
    ['12:00:00', '12:00:10'],
  ]
  assert.deepEqual(spansOf(world), left)
  assert.deepEqual(spansOf(world.restart()), left)
})

test('a stretch that could not be stored is stored with the next record', () => {
  const disk = fakeDisk()
  const world = start(fakeMemory(disk))
  disk.fail('DISK_FULL')
  world.judged.value = interval('12:00:00')
  assert.deepEqual(spansOf(world), [['12:00:00', '12:00:10']])
  disk.recover()
  world.judged.value = interval('12:00:10', 'genuine')
  assert.deepEqual(spansOf(world.restart()), [['12:00:00', '12:00:10']])
})
