import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ClientMessage, protocolVersion } from '../../protocol/messages.ts'
import { sampleStatus } from '../../test/support/sample-status.ts'
import { createHostLink, type NativePortHandlers } from './host-link.ts'

/** A browser whose ports answer when the test says so, and a clock that the test turns. */
function startLink() {
  let nowMs = 0
  const timers: { dueMs: number; run: () => void }[] = []
  const ports: (NativePortHandlers & { sent: ClientMessage[]; closed: boolean })[] = []
  const told: unknown[] = []
  const link = createHostLink(
    {
      monotonicMs: () => nowMs,
      later: (ms, run) => void timers.push({ dueMs: nowMs + ms, run }),
      connect(handlers) {
        const port = { ...handlers, sent: [] as ClientMessage[], closed: false }
        ports.push(port)
        return {
          send: message => void port.sent.push(message),
          close: () => {
            port.closed = true
          },
        }
      },
    },
    {
      greeting: () => [{ type: 'subscribe', live: false }],
      onLink: () => {},
      onMessage: message => void told.push(message.type),
    },
  )
  link.tryAgain()
  return {
    link,
    told,
    ports,
    get port() {
      const port = ports.at(-1)
      assert.ok(port)
      return port
    },
    pass(ms: number) {
      const endMs = nowMs + ms
      for (;;) {
        const due = timers.filter(timer => timer.dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs)[0]
        if (!due) break
        timers.splice(timers.indexOf(due), 1)
        nowMs = due.dueMs
        due.run()
      }
      nowMs = endMs
    },
  }
}

const welcome = { type: 'welcome', protocol: protocolVersion, version: '0.1.0' }
const missing = 'Specified native messaging host not found.'
const exited = 'Native host has exited.'

test('greets first, and is connected once the agent answers', () => {
  const world = startLink()
  assert.deepEqual(world.port.sent, [{ type: 'subscribe', live: false }])
  assert.equal(world.link.link.kind, 'connecting')
  world.port.onMessage(welcome)
  assert.deepEqual(world.link.link, { kind: 'connected', version: '0.1.0' })
  world.port.onMessage({ type: 'status', status: sampleStatus })
  assert.deepEqual(world.told, ['status'])
})

test('tries three more times within seconds, then waits for the alarm', () => {
  const world = startLink()
  for (let attempt = 0; attempt < 4; attempt++) {
    world.port.onClose(exited)
    world.pass(5_000)
  }
  assert.equal(world.ports.length, 4)
  world.pass(600_000)
  assert.equal(world.ports.length, 4)
  world.link.tryAgain()
  assert.equal(world.ports.length, 5)
})

test('does not hurry when nothing is installed', () => {
  const world = startLink()
  world.port.onClose(missing)
  world.pass(600_000)
  assert.equal(world.ports.length, 1)
  assert.deepEqual(world.link.link, { kind: 'lost', problem: { code: 'HOST_MISSING' } })
})

test('keeps saying what is wrong while it tries by itself, and shows it when a person asks', () => {
  const world = startLink()
  world.port.onClose(missing)
  world.link.tryAgain()
  assert.equal(world.link.link.kind, 'lost')
  world.port.onClose(missing)
  world.link.checkAgain()
  assert.equal(world.link.link.kind, 'connecting')
})

test('asking twice opens one connection', () => {
  const world = startLink()
  world.link.checkAgain()
  world.link.tryAgain()
  assert.equal(world.ports.length, 1)
})

test('a connection that held is as good as new', () => {
  const world = startLink()
  for (let day = 0; day < 10; day++) {
    world.port.onMessage(welcome)
    world.pass(60_000)
    world.port.onClose(exited)
    world.pass(200)
  }
  assert.equal(world.ports.length, 11)
})

test('one that breaks right after its welcome is not', () => {
  const world = startLink()
  for (let attempt = 0; attempt < 10; attempt++) {
    world.port.onMessage(welcome)
    world.port.onClose(exited)
    world.pass(5_000)
  }
  assert.equal(world.ports.length, 4)
})

const unusable: [name: string, message: unknown, code: string][] = [
  ['another protocol', { ...welcome, protocol: protocolVersion + 1 }, 'PROTOCOL_MISMATCH'],
  ['a refusal', { type: 'refused', problem: { code: 'PROTOCOL_MISMATCH' } }, 'PROTOCOL_MISMATCH'],
  ['a status of another form', { type: 'status', status: { state: 'tracking' } }, 'MESSAGE_INVALID'],
]
for (const [name, message, code] of unusable)
  test(`closes on ${name} and says so`, () => {
    const world = startLink()
    world.port.onMessage(message)
    assert.equal(world.port.closed, true)
    const { link } = world.link
    assert.equal(link.kind === 'lost' && link.problem.code, code)
    world.pass(600_000)
    assert.equal(world.ports.length, 1)
  })

test('tries again soon when the bridge could not reach an agent', () => {
  const world = startLink()
  world.port.onMessage({ type: 'refused', problem: { code: 'AGENT_UNREACHABLE' } })
  world.pass(5_000)
  assert.equal(world.ports.length, 2)
})

test('gives up on a host that never answers', () => {
  const world = startLink()
  world.pass(15_000)
  assert.equal(world.ports[0]?.closed, true)
  const { link } = world.link
  assert.equal(link.kind === 'lost' && link.problem.code, 'AGENT_START_FAILED')
})

test('hears nothing more from a connection it gave up', () => {
  const world = startLink()
  const old = world.port
  old.onClose(exited)
  world.pass(200)
  world.port.onMessage(welcome)
  old.onMessage({ type: 'status', status: sampleStatus })
  old.onClose(missing)
  assert.deepEqual(world.told, [])
  assert.equal(world.link.link.kind, 'connected')
})

test('says why a message cannot be sent', () => {
  const world = startLink()
  world.port.onClose(missing)
  assert.deepEqual(world.link.send({ type: 'resume', id: 'a' }), { code: 'HOST_MISSING' })
  world.link.checkAgain()
  assert.equal(world.link.send({ type: 'resume', id: 'a' }), undefined)
})
