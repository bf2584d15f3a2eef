import assert from 'node:assert/strict'
import { test } from 'node:test'
import { confirmationMs } from '../../protocol/confirmation.ts'
import type { Entry } from '../../protocol/records.ts'
import { fakeLog } from '../../test/fakes.ts'
import { fakeMemory } from '../../test/fakes-storage.ts'
import { manualClock, settle } from '../../test/manual-clock.ts'
import { createConfirmations } from './confirm-outside.ts'
import type { ConfirmDialog } from './ports.ts'

type Answer = Awaited<ReturnType<ConfirmDialog['ask']>>

function start({ memory = fakeMemory(), answer = undefined as Answer | undefined, fails = false } = {}) {
  const clock = manualClock()
  const entries: Entry[] = []
  const log = fakeLog()
  const dialogs: { text: string; ended: () => boolean; answer(answer: Answer): void }[] = []
  let shown = 0
  const dialog: ConfirmDialog = {
    ask({ text }, signal) {
      const { promise, resolve } = Promise.withResolvers<Answer>()
      dialogs.push({ text, ended: () => signal.aborted, answer: resolve })
      signal.addEventListener('abort', () => resolve('none'), { once: true })
      if (answer) resolve(answer)
      return promise
    },
  }
  const ending = new AbortController()
  let counter = 0
  const confirmations = createConfirmations(
    {
      clock,
      random: () => (counter++ % 28) / 29,
      memory,
      dialog,
      log,
      note: entry => void entries.push(entry),
    },
    ending.signal,
  )
  return {
    clock,
    memory,
    confirmations,
    dialogs,
    log,
    entries,
    shown: () => shown,
    propose: (by = 'chromium') =>
      confirmations.propose({ kind: 'pictures' }, by, () => {
        if (fails) throw new TypeError('broken')
        shown++
      }),
    said: () => entries.map(entry => ('reason' in entry ? `${entry.kind} ${entry.reason}` : entry.kind)),
    end: () => ending.abort(),
  }
}

test('a request takes effect once it is allowed, and not before; every step is recorded with the client', async () => {
  const world = start({ answer: 'none' })
  const { code } = world.propose()
  await settle()
  assert.deepEqual([world.shown(), world.confirmations.pending.value?.code], [0, code])
  await world.confirmations.answer(code.toLowerCase(), 'accept')
  assert.deepEqual([world.shown(), world.confirmations.pending.value], [1, undefined])
  assert.deepEqual(world.entries, [
    { kind: 'confirmation.asked', what: 'pictures', by: 'chromium' },
    { kind: 'confirmation.accepted', what: 'pictures', by: 'chromium' },
  ])
  await assert.rejects(world.confirmations.answer(code, 'accept'), { code: 'CONFIRMATION_GONE' })
  assert.equal(world.shown(), 1)
  world.end()
})

test('a wrong code answers nothing: the question keeps waiting', async () => {
  const world = start({ answer: 'none' })
  const { code } = world.propose()
  const other = [...code].reverse().join('')
  assert.notEqual(other, code)
  for (const wrong of [other, code.slice(1), ''])
    await assert.rejects(world.confirmations.answer(wrong, 'accept'), { code: 'CONFIRMATION_GONE' })
  assert.deepEqual([world.shown(), world.confirmations.pending.value?.code], [0, code])
  world.end()
})

test('after a refusal, or ten minutes without an answer, nothing happens', async () => {
  const world = start({ answer: 'none' })
  await world.confirmations.answer(world.propose().code, 'refuse')
  const { code } = world.propose()
  await world.clock.pass(confirmationMs - 1)
  assert.equal(world.confirmations.pending.value?.code, code)
  await world.clock.pass(1)
  assert.equal(world.confirmations.pending.value, undefined)
  await assert.rejects(world.confirmations.answer(code, 'accept'), { code: 'CONFIRMATION_GONE' })
  assert.equal(world.shown(), 0)
  assert.deepEqual(world.said(), [
    'confirmation.asked',
    'confirmation.refused refused',
    'confirmation.asked',
    'confirmation.refused timed-out',
  ])
  world.end()
})

test('a question that expired during sleep can not be allowed after waking up', async () => {
  const world = start()
  const { code } = world.propose()
  await settle()
  world.clock.sleepThrough(confirmationMs)
  // No timer has run since.
  await assert.rejects(world.confirmations.answer(code, 'accept'), { code: 'CONFIRMATION_GONE' })
  assert.deepEqual(world.said(), ['confirmation.asked', 'confirmation.refused timed-out'])

  world.propose()
  world.clock.sleepThrough(confirmationMs - 1)
  world.clock.sleepThrough(1)
  world.dialogs[1]?.answer('accepted')
  await settle()
  // An expired question does not block the next one.
  assert.notEqual(world.propose('firefox').code, undefined)
  assert.equal(world.shown(), 0)
  world.end()
})

test('one question at a time: a repeated one is the same, another is refused', () => {
  const world = start()
  const { code } = world.propose('chromium')
  assert.equal(world.propose('chromium').code, code)
  assert.throws(() => world.propose('firefox'), { code: 'CONFIRMATION_BUSY' })
  assert.equal(world.dialogs.length, 1)
  world.end()
})

test('the dialog names the client and the request; its answer counts, and no later one', async () => {
  const world = start()
  const { code } = world.propose()
  assert.match(
    world.dialogs[0]?.text ?? '',
    /^Show unblurred screenshots .*\?\nRequested by the browser chromium\n.* confirm [0-9A-Z]{4}$/,
  )
  world.dialogs[0]?.answer('accepted')
  await settle()
  assert.equal(world.shown(), 1)
  await assert.rejects(world.confirmations.answer(code, 'refuse'), { code: 'CONFIRMATION_GONE' })
  world.end()
})

test('answered in a terminal, the dialog closes; a dialog that cannot be shown leaves the question open', async () => {
  const world = start()
  const { code } = world.propose()
  await world.confirmations.answer(code, 'refuse')
  assert.equal(world.dialogs[0]?.ended(), true)
  world.propose()
  world.dialogs[1]?.answer('none')
  await settle()
  assert.notEqual(world.confirmations.pending.value, undefined)
  world.end()
})

test('three refusals lock requests of browsers for a day, also over a restart; a missing answer is no refusal', async () => {
  const world = start({ answer: 'none' })
  for (let n = 0; n < 3; n++) {
    world.propose()
    await world.clock.pass(confirmationMs)
  }
  for (let n = 0; n < 3; n++) await world.confirmations.answer(world.propose().code, 'refuse')
  assert.throws(() => world.propose(), { code: 'CONFIRMATION_LOCKED' })
  world.end()
  const restarted = start({ memory: world.memory })
  assert.throws(() => restarted.propose(), { code: 'CONFIRMATION_LOCKED' })
  assert.equal(restarted.dialogs.length, 0)
  await restarted.clock.pass(24 * 3_600_000 + confirmationMs * 4)
  assert.ok(restarted.propose())
  restarted.end()
})

test('an allowed request resets the count of refusals', async () => {
  const world = start({ answer: 'none' })
  for (const answer of ['refuse', 'refuse', 'accept', 'refuse', 'refuse'] as const)
    await world.confirmations.answer(world.propose().code, answer)
  assert.ok(world.propose())
  world.end()
})

test('the failure of an allowed request is reported to the client that allowed it', async () => {
  const world = start({ answer: 'none', fails: true })
  await assert.rejects(world.confirmations.answer(world.propose().code, 'accept'), TypeError)
  assert.equal(world.confirmations.pending.value, undefined)
  world.end()
})
