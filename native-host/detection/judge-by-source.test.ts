import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { InputEvent } from '../input/input-event.ts'
import type { InputSources } from '../input/input-sources.ts'
import { createJudgeBySource } from './judge-by-source.ts'
import type { Trust } from './trusted-sources.ts'

const nobody: Trust = { names: '', programs: false }
const key = (at: number): InputEvent => ({ kind: 'key-down', at, slot: 0 })
const move = (at: number): InputEvent => ({ kind: 'move', at, x: 0, y: 0 })
const sources = (from: number, to: number, ...devices: InputSources['devices'][number][]): InputSources => ({
  ...{ from, first: from, to, devices, pointerKeys: false },
})
const mine = (kind: 'keyboard' | 'pointer' | 'unknown') => ({ name: 'my device', kind })

function judge(trust: Trust = { names: 'my device', programs: false }) {
  const said: string[] = []
  const note = (what: string) => (events: readonly InputEvent[]) => {
    for (const { kind, at } of events) said.push(`${what} ${kind} ${at}`)
  }
  return { said, by: createJudgeBySource(() => trust, { observe: note('judged'), passOver: note('mine') }) }
}

describe('while nothing is trusted', () => {
  test('all is judged at once', () => {
    const { said, by } = judge(nobody)
    by.observe([key(1), move(2)])
    assert.deepEqual(said, ['judged key-down 1', 'judged move 2'])
    assert.equal(by.judgedUntil(9), 9)
  })
  test('what waits is judged before what comes', () => {
    let trust: Trust = { names: 'my device', programs: false }
    const said: number[] = []
    const by = createJudgeBySource(() => trust, {
      observe: events => said.push(...events.map(({ at }) => at)),
      passOver: () => assert.fail(),
    })
    by.observe([key(1)])
    trust = nobody
    by.observe([key(2)])
    assert.deepEqual(said, [])
    by.observe([key(6002)])
    assert.deepEqual(said, [1, 2])
  })
  test('but for the time in which the system moves the pointer by keys', () => {
    const { said, by } = judge(nobody)
    by.notePointerKeys(true)
    by.observe([key(1)])
    assert.deepEqual(said, [])
    by.notePointerKeys(false)
    by.observe([key(6001)])
    assert.deepEqual(said, ['judged key-down 1'])
  })
})

describe('while something is trusted', () => {
  test('events wait until it is known whose they are, for six seconds at most', () => {
    const { said, by } = judge()
    by.observe([key(0), key(1)])
    assert.deepEqual([said, by.judgedUntil(5999)], [[], 0])
    assert.equal(by.judgedUntil(6000), 1)
    assert.deepEqual(said, ['judged key-down 0'])
    by.observe([key(6001)])
    assert.deepEqual(said, ['judged key-down 0', 'judged key-down 1'])
  })
  test('no key of a span is judged in which a trusted keyboard was used, and movements are', () => {
    const { said, by } = judge()
    by.observe([key(9), key(10), move(15), key(20), key(21)])
    by.noteSources(sources(10, 20, mine('keyboard')))
    assert.deepEqual(said, ['judged key-down 9', 'mine key-down 10', 'judged move 15', 'mine key-down 20'])
    assert.equal(by.judgedUntil(30), 21)
    assert.deepEqual(by.takeTrusted(), ['named keyboard'])
    assert.deepEqual(by.takeTrusted(), [])
  })
  test('nor what the pointer does where a trusted pointer was used', () => {
    const { said, by } = judge()
    const place = { x: 0, y: 0 }
    by.observe([
      key(1),
      move(2),
      { kind: 'wheel', at: 3, steps: 1, ...place },
      { kind: 'button-down', at: 4, button: 1, ...place },
      { kind: 'button-up', at: 5, button: 1, ...place },
      { kind: 'key-up', at: 6, slot: 0 },
    ])
    by.noteSources(sources(0, 9, mine('pointer')))
    assert.deepEqual(said, [
      ...['judged key-down 1', 'mine move 2', 'mine wheel 3', 'mine button-down 4', 'mine button-up 5'],
      'judged key-up 6',
    ])
  })
  test('nor anything where it is not known what the trusted device is', () => {
    const { said, by } = judge()
    by.observe([key(1), move(2)])
    by.noteSources(sources(0, 9, { name: 'a mouse', kind: 'pointer' }, mine('unknown')))
    assert.deepEqual(said, ['mine key-down 1', 'mine move 2'])
    assert.deepEqual(by.takeTrusted(), ['named device'])
  })
  test('what others did is judged', () => {
    const { said, by } = judge()
    by.observe([key(1)])
    by.noteSources(sources(0, 9, { name: 'a keyboard', kind: 'keyboard' }))
    assert.deepEqual([said, by.takeTrusted()], [['judged key-down 1'], []])
  })
  test('what was forgotten is not judged at all', () => {
    const { said, by } = judge()
    by.observe([key(1)])
    by.noteSources(sources(0, 0, mine('keyboard')))
    by.forget()
    by.observe([key(9000)])
    assert.deepEqual([said, by.takeTrusted()], [[], []])
  })
})
