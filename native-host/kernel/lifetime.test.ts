import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Interrupted, settledBefore, signalUntilChange, signalWhile, unlessAborted } from './lifetime.ts'
import { createSignal } from './signals.ts'

const never = new AbortController().signal
const isOpen = (open: boolean) => open

test('signalWhile: aborts when the condition stops holding, and stays aborted', () => {
  const gate = createSignal(true)
  using allowed = signalWhile(gate, isOpen, never)
  assert.equal(allowed.signal.aborted, false)
  gate.value = false
  assert.ok(allowed.signal.reason instanceof Interrupted)
  gate.value = true
  assert.equal(allowed.signal.aborted, true)
})

test('signalWhile: is over from the start when the condition does not hold, or the outer one is over', () => {
  using closed = signalWhile(createSignal(false), isOpen, never)
  using late = signalWhile(createSignal(true), isOpen, AbortSignal.abort())
  assert.ok(closed.signal.aborted && late.signal.aborted)
})

test('signalUntilChange: aborts at the next change of any source', () => {
  const cells = [createSignal(0), createSignal(0)]
  for (const source of cells) {
    using change = signalUntilChange(cells, never)
    assert.equal(change.signal.aborted, false)
    source.value = 1
    assert.ok(change.signal.reason instanceof Interrupted)
  }
})

for (const [name, make] of [
  ['signalWhile', (outer: AbortSignal) => signalWhile(createSignal(true), isOpen, outer)],
  ['signalUntilChange', (outer: AbortSignal) => signalUntilChange([createSignal(0)], outer)],
] as const)
  test(`${name}: aborts with the outer signal, and no more once it is disposed of`, () => {
    const outer = new AbortController()
    using kept = make(outer.signal)
    const released = make(outer.signal)
    released[Symbol.dispose]()
    outer.abort()
    assert.equal(kept.signal.aborted, true)
    assert.equal(released.signal.aborted, false)
  })

test('unlessAborted: an abort is an ordinary end', async () => {
  const ended = new AbortController()
  const work = unlessAborted(Promise.reject(new Error('aborted')), ended.signal)
  ended.abort()
  await work
})

test('unlessAborted: any other failure is one', async () => {
  await assert.rejects(unlessAborted(Promise.reject(new Error('broken')), never), { message: 'broken' })
})

test('settledBefore: settles like its promise, unless a signal aborts first', async () => {
  const ending = new AbortController()
  assert.equal(await settledBefore(Promise.resolve('done'), never, ending.signal), 'done')
  await assert.rejects(settledBefore(Promise.reject(new Error('failed')), never), { message: 'failed' })
  const waiting = settledBefore(new Promise(() => undefined), never, ending.signal)
  ending.abort(new Error('enough'))
  await assert.rejects(waiting, { message: 'enough' })
  await assert.rejects(settledBefore(new Promise(() => undefined), ending.signal), { message: 'enough' })
})
