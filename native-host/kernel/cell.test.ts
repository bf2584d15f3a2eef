import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCell, deriveCell, until } from './cell.ts'

const never = new AbortController().signal

function record<T>(
  cell: { watch(listener: (value: T) => void, signal: AbortSignal): void },
  signal = never,
): T[] {
  const seen: T[] = []
  cell.watch(value => seen.push(value), signal)
  return seen
}

test('a watcher sees every change, and not the value it began with', () => {
  const cell = createCell(0)
  const seen = record(cell)
  cell.set(1)
  cell.set(2)
  assert.deepEqual(seen, [1, 2])
  assert.equal(cell.value, 2)
})

test('setting the same value is no change', () => {
  const cell = createCell(Number.NaN)
  const seen = record(cell)
  cell.set(Number.NaN)
  assert.deepEqual(seen, [])
})

test('watchers are called in the order in which they came', () => {
  const cell = createCell(0)
  const order: string[] = []
  cell.watch(() => order.push('first'), never)
  cell.watch(() => order.push('second'), never)
  cell.set(1)
  assert.deepEqual(order, ['first', 'second'])
})

test('nobody watches after the signal, or with one that is over', () => {
  const cell = createCell(0)
  const ended = new AbortController()
  const seen = record(cell, ended.signal)
  const late = record(cell, AbortSignal.abort())
  cell.set(1)
  ended.abort()
  cell.set(2)
  assert.deepEqual(seen, [1])
  assert.deepEqual(late, [])
})

test('a watcher that another one ended is not called any more', () => {
  const cell = createCell(0)
  const ended = new AbortController()
  cell.watch(() => ended.abort(), never)
  const seen = record(cell, ended.signal)
  cell.set(1)
  assert.deepEqual(seen, [])
})

test('a watcher that sets the value anew leaves nobody with the old one', () => {
  const cell = createCell(0)
  cell.watch(value => value === 1 && cell.set(2), never)
  const seen = record(cell)
  cell.set(1)
  assert.equal(seen.at(-1), 2)
})

test('a derived cell follows its sources and is silent when its own value stays', () => {
  const a = createCell(1)
  const b = createCell(2)
  const sum = deriveCell([a, b], () => a.value + b.value, never)
  const seen = record(sum)
  a.set(2)
  b.set(1)
  b.set(5)
  assert.deepEqual(seen, [4, 3, 7])
  const sign = deriveCell([a], () => Math.sign(a.value), never)
  const signs = record(sign)
  a.set(9)
  assert.deepEqual(signs, [])
})

test('a derived cell stops with its signal', () => {
  const source = createCell(1)
  const ended = new AbortController()
  const derived = deriveCell([source], () => source.value, ended.signal)
  ended.abort()
  source.set(2)
  assert.equal(derived.value, 1)
})

test('until: at once when it holds already', async () => {
  assert.equal(await until(createCell(5), value => value > 3, never), 5)
})

test('until: with the first value that fits', async () => {
  const cell = createCell(0)
  const found = until(cell, value => value > 3, never)
  for (const value of [2, 7, 8]) cell.set(value)
  assert.equal(await found, 7)
})

test('until: rejects with the reason of the signal, before or while waiting', async () => {
  const ended = new AbortController()
  const waiting = until(createCell(0), value => value > 3, ended.signal)
  ended.abort(new Error('enough'))
  await assert.rejects(waiting, { message: 'enough' })
  await assert.rejects(
    until(createCell(0), value => value > 3, ended.signal),
    { message: 'enough' },
  )
})

test('until: does not look any more once it is over', async () => {
  const cell = createCell(0)
  const ended = new AbortController()
  let looks = 0
  const waiting = until(cell, () => ++looks > 100, ended.signal)
  ended.abort()
  await assert.rejects(waiting)
  const before = looks
  cell.set(1)
  assert.equal(looks, before)
})
