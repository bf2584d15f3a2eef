import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OwnWindow } from '../../protocol/own-windows.ts'
import { manualClock } from '../../test/manual-clock.ts'
import { createWindowQuestions } from './ask-windows.ts'

const own: OwnWindow = { left: 10, top: 10, width: 300, height: 200, state: 'open', private: false }
const { signal } = new AbortController()

function world(count: number) {
  const clock = manualClock()
  const sent: string[] = []
  const browsers = Array.from({ length: count }, (_, index) => ({
    pid: 100 + index,
    send(message: { type: string; ask?: string }) {
      sent.push(`${message.type} ${message.ask} to ${100 + index}`)
    },
  }))
  let names = 0
  const questions = createWindowQuestions({ clock, newName: () => `q${++names}` })
  for (const browser of browsers) questions.join(browser)
  return { clock, sent, browsers, ...questions }
}

test('every extension is asked, and the answer is there as soon as all have answered', async () => {
  const { browsers, sent, ask, take } = world(2)
  const asked = ask(signal)
  for (const browser of browsers) take(browser, 'q1', [own])
  assert.deepEqual(await asked, [
    { pid: 100, windows: [own] },
    { pid: 101, windows: [own] },
  ])
  assert.deepEqual(sent, ['ask-windows q1 to 100', 'ask-windows q1 to 101'])
})

test('one that does not answer within a second is left out', async () => {
  const { browsers, clock, ask, take } = world(2)
  const asked = ask(signal)
  if (browsers[0]) take(browsers[0], 'q1', [own])
  await clock.pass(1000)
  assert.deepEqual(await asked, [{ pid: 100, windows: [own] }])
})

test('one that leaves is not waited for', async () => {
  const { browsers, ask, take, leave } = world(2)
  const asked = ask(signal)
  if (browsers[0]) take(browsers[0], 'q1', [own])
  if (browsers[1]) leave(browsers[1])
  assert.deepEqual(await asked, [{ pid: 100, windows: [own] }])
})

test('unrequested answers do not count: an old one, a second one, one of another client', async () => {
  const { browsers, clock, ask, take } = world(1)
  const [browser] = browsers
  assert.ok(browser)
  take(browser, 'q1', [own])
  const first = ask(signal)
  await clock.pass(1000)
  assert.deepEqual(await first, [])
  const second = ask(signal)
  take(browser, 'q1', [own])
  take({ ...browser }, 'q2', [own])
  take(browser, 'q2', [])
  take(browser, 'q2', [own])
  assert.deepEqual(await second, [{ pid: 100, windows: [] }])
})

test('without an extension nothing is awaited', async () => {
  assert.deepEqual(await world(0).ask(signal), [])
})

test('an aborted request rejects with the reason', async () => {
  const { ask } = world(1)
  const enough = new AbortController()
  const asked = ask(enough.signal)
  enough.abort('enough')
  await assert.rejects(asked, reason => reason === 'enough')
})
