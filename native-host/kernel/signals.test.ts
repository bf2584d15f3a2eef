import assert from 'node:assert/strict'
import { test } from 'node:test'
import { computed, createSignal, type ReadonlySignal, until, watch } from './signals.ts'

const never = new AbortController().signal

function record<T>(source: ReadonlySignal<T>, signal = never): T[] {
  const seen: T[] = []
  watch(source, value => seen.push(value), signal)
  return seen
}

test('a watcher sees every change, and not the value it began with', () => {
  const source = createSignal(0)
  const seen = record(source)
  source.value = 1
  source.value = 2
  assert.deepEqual(seen, [1, 2])
  assert.equal(source.value, 2)
})

test('setting the same value is no change', () => {
  const source = createSignal(1)
  const seen = record(source)
  source.value = 1
  assert.deepEqual(seen, [])
})

test('watchers are called in the order in which they came', () => {
  const source = createSignal(0)
  const order: string[] = []
  watch(source, () => order.push('first'), never)
  watch(source, () => order.push('second'), never)
  source.value = 1
  assert.deepEqual(order, ['first', 'second'])
})

test('no watcher is called after its signal, or with an aborted one', () => {
  const source = createSignal(0)
  const ended = new AbortController()
  const seen = record(source, ended.signal)
  const late = record(source, AbortSignal.abort())
  source.value = 1
  ended.abort()
  source.value = 2
  assert.deepEqual(seen, [1])
  assert.deepEqual(late, [])
})

test('a watcher that another watcher ended is not called any more', () => {
  const source = createSignal(0)
  const ended = new AbortController()
  watch(source, () => ended.abort(), never)
  const seen = record(source, ended.signal)
  source.value = 1
  assert.deepEqual(seen, [])
})

test('when a watcher sets the value again, every watcher gets the new one', () => {
  const source = createSignal(0)
  const anew = (value: number) => {
    if (value === 1) source.value = 2
  }
  watch(source, anew, never)
  const seen = record(source)
  source.value = 1
  assert.equal(seen.at(-1), 2)
})

test('a computed value follows its sources and is silent when its own value stays', () => {
  const a = createSignal(1)
  const b = createSignal(2)
  const sum = computed(() => a.value + b.value)
  const seen = record(sum)
  a.value = 2
  b.value = 1
  b.value = 5
  assert.deepEqual(seen, [4, 3, 7])
  const sign = computed(() => Math.sign(a.value))
  const signs = record(sign)
  a.value = 9
  assert.deepEqual(signs, [])
})

test('values that a listener reads are not watched', () => {
  const watched = createSignal(0)
  const read = createSignal(0)
  let calls = 0
  const listener = () => {
    calls += 1 + 0 * read.value
  }
  watch(watched, listener, never)
  watched.value = 1
  read.value = 1
  assert.equal(calls, 1)
})

test('an error of a listener is thrown where the value was set, and the listener is still called', () => {
  const source = createSignal(0)
  const seen = record(source)
  watch(
    source,
    value => {
      if (value === 1) throw new Error('once')
    },
    never,
  )
  assert.throws(() => {
    source.value = 1
  }, /once/)
  source.value = 2
  assert.deepEqual(seen, [1, 2])
})

test('until: at once when it holds already', async () => {
  assert.equal(await until(createSignal(5), value => value > 3, never), 5)
})

test('until: with the first value that fits', async () => {
  const source = createSignal(0)
  const found = until(source, value => value > 3, never)
  for (const value of [2, 7, 8]) source.value = value
  assert.equal(await found, 7)
})

test('until: rejects with the reason of the signal, before or while waiting', async () => {
  const ended = new AbortController()
  const waiting = until(createSignal(0), value => value > 3, ended.signal)
  ended.abort(new Error('enough'))
  await assert.rejects(waiting, { message: 'enough' })
  await assert.rejects(
    until(createSignal(0), value => value > 3, ended.signal),
    { message: 'enough' },
  )
})

test('until: does not check any more once it has ended', async () => {
  const source = createSignal(0)
  const ended = new AbortController()
  let looks = 0
  const waiting = until(source, () => ++looks > 100, ended.signal)
  ended.abort()
  await assert.rejects(waiting)
  const before = looks
  source.value = 1
  assert.equal(looks, before)
})
