import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeDisk, fakeMemory } from '../../test/fakes-storage.ts'
import { createCell } from '../core/cell.ts'
import type { Judged } from '../core/flagged-stretch.ts'
import { noCounts } from '../core/input-window.ts'
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
  const judged = createCell<Judged | undefined>(undefined)
  const extended = createCell<Judged | undefined>(undefined)
  const ending = new AbortController()
  const flagged = createFlagged({ judged: [judged, extended], memory }, ending.signal)
  return { judged, extended, flagged, memory, restart: () => start(memory) }
}

const spanOf = ({ flagged }: ReturnType<typeof start>) =>
  flagged.stretch.value && [flagged.stretch.value.from.slice(11, 19), flagged.stretch.value.to.slice(11, 19)]

test('intervals that are flagged and verdicts that reach back make a stretch, also after a restart', () => {
  const world = start()
  world.judged.set(interval('12:00:00', 'genuine'))
  assert.equal(spanOf(world), undefined)
  world.extended.set({
    kind: 'verdict.extended',
    from: '2026-11-22T12:00:00.000Z',
    to: '2026-11-22T12:00:10.000Z',
    genuineness: { ...scripted, evidence: [] },
    scripted_input: 'discard',
    minutes: [],
  })
  world.judged.set(interval('12:00:10'))
  assert.deepEqual(spanOf(world), ['12:00:00', '12:00:20'])
  assert.deepEqual(spanOf(world.restart()), ['12:00:00', '12:00:20'])
})

test('a stretch that was withdrawn is none, also after a restart', () => {
  const world = start()
  world.judged.set(interval('12:00:00'))
  world.flagged.withdraw('2026-11-22T11:59:59.000Z')
  assert.deepEqual(spanOf(world), ['12:00:00', '12:00:10'])
  world.flagged.withdraw('2026-11-22T12:00:10.000Z')
  assert.equal(spanOf(world), undefined)
  assert.equal(spanOf(world.restart()), undefined)
})

test('what could not be kept is kept with the next record', () => {
  const disk = fakeDisk()
  const world = start(fakeMemory(disk))
  disk.fail('DISK_FULL')
  world.judged.set(interval('12:00:00'))
  assert.deepEqual(spanOf(world), ['12:00:00', '12:00:10'])
  disk.recover()
  world.judged.set(interval('12:00:10', 'genuine'))
  assert.deepEqual(spanOf(world.restart()), ['12:00:00', '12:00:10'])
})
