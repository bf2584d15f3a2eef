import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Genuineness } from '../../protocol/records.ts'
import { noCounts } from '../input/input-window.ts'
import { describeExtension, extendVerdict, joinExtensions } from './extend-verdict.ts'
import type { PresumedGenuine } from './presumed-genuine.ts'

const said = (verdict: Genuineness['verdict'], text = ''): Genuineness => ({
  verdict,
  rules: 3,
  evidence: [{ feature: 'loop', value: 1, text }],
})

const ten = (time: string, zone = 'Europe/Berlin'): PresumedGenuine => ({
  from: 0,
  to: 10_000,
  began: `2026-11-22T${time}0.000Z`,
  ended: `2026-11-22T${time}9.000Z`,
  counts: { ...noCounts, keys: 1, active_seconds: 2 },
  place: { start: `2026-11-22T${time.slice(0, 5)}:00.000Z`, zone },
})

test('it says from when to when, and what was counted by minute and zone', () => {
  const extension = extendVerdict(
    [ten('22:59:4'), ten('22:59:5'), ten('23:00:0'), ten('23:00:1', 'Asia/Kathmandu')],
    said('scripted'),
    'discard',
  )
  assert.deepEqual(extension && describeExtension(extension), {
    kind: 'verdict.extended',
    from: '2026-11-22T22:59:40.000Z',
    to: '2026-11-22T23:00:19.000Z',
    genuineness: said('scripted'),
    scripted_input: 'discard',
    minutes: [
      { start: '2026-11-22T22:59:00.000Z', zone: 'Europe/Berlin', ...noCounts, keys: 2, active_seconds: 4 },
      { start: '2026-11-22T23:00:00.000Z', zone: 'Europe/Berlin', ...noCounts, keys: 1, active_seconds: 2 },
      { start: '2026-11-22T23:00:00.000Z', zone: 'Asia/Kathmandu', ...noCounts, keys: 1, active_seconds: 2 },
    ],
  })
})

test('where the clock was set back meanwhile, it says so from the earliest on', () => {
  const extension = extendVerdict([ten('12:00:0'), ten('11:00:0')], said('suspect'), 'flag')
  assert.deepEqual([extension?.from, extension?.to], ['2026-11-22T11:00:00.000Z', '2026-11-22T12:00:09.000Z'])
})

test('a verdict on nothing is none', () => {
  assert.equal(extendVerdict([], said('suspect'), 'flag'), undefined)
})

test('two become one only where both are treated alike, with the later evidence', () => {
  const make = (verdict: Genuineness['verdict'], how: 'flag' | 'discard', time: string, text = '') => {
    const extension = extendVerdict([ten(time)], said(verdict, text), how)
    assert.ok(extension)
    return extension
  }
  const one = make('scripted', 'flag', '12:00:0', 'before')
  const joined = joinExtensions(one, make('scripted', 'flag', '12:00:1', 'after'))
  assert.ok(joined)
  const { from, to, genuineness, minutes } = describeExtension(joined)
  assert.deepEqual([from, to], ['2026-11-22T12:00:00.000Z', '2026-11-22T12:00:19.000Z'])
  assert.deepEqual(genuineness, said('scripted', 'after'))
  assert.deepEqual(
    minutes.map(({ keys }) => keys),
    [2],
  )
  assert.equal(joinExtensions(one, make('suspect', 'flag', '12:00:1')), undefined)
  assert.equal(joinExtensions(one, make('scripted', 'discard', '12:00:1')), undefined)
})
