import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { AppError } from './errors.ts'
import { encodeFrame, maxBytesIn, maxBytesOut } from './framing.ts'
import {
  type AgentMessage,
  type ClientMessage,
  checkProtocol,
  maxPreviewLength,
  parseAgentMessage,
  parseClientMessage,
  protocolVersion,
} from './messages.ts'
import { defaultSettings } from './settings.ts'

const hello: ClientMessage = {
  type: 'hello',
  protocol: protocolVersion,
  version: '0.1.0',
  program: 'extension',
  name: 'firefox 153',
}

const fromClients: ClientMessage[] = [
  hello,
  { type: 'subscribe', live: true },
  { type: 'acknowledge', id: '1', text_version: 1 },
  { type: 'pause', id: '1', until: null },
  { type: 'pause', id: '1', until: '2026-11-22T15:40:00.000Z' },
  { type: 'pause', id: '1', until: '2026-11-22T15:40:00+01:00' },
  { type: 'resume', id: '1' },
  { type: 'screenshot-now', id: '1' },
  { type: 'skip-screenshot', id: '1' },
  { type: 'show-day', id: '1', date: '2026-11-22' },
  { type: 'preview-held', id: '1', object: 'device/2026-11-22/1-ab.screenshot.webp.age', size: 'small' },
  { type: 'blur-held', id: '1', object: 'device/2026-11-22/1-ab.screenshot.webp.age' },
  { type: 'delete-held', id: '1', object: 'device/2026-11-22/1-ab.screenshot.webp.age' },
  {
    type: 'own-windows',
    ask: 'a name',
    windows: [{ left: -8, top: 0, width: 900, height: 600, state: 'open', private: true }],
  },
  { type: 'change-setting', id: '1', name: 'screenshot_interval', value: 60 },
  { type: 'change-setting', id: '1', name: 'a name of tomorrow', value: true },
  { type: 'test-connection', id: '1' },
  { type: 'reload-keys', id: '1' },
  { type: 'stop', id: '1' },
]
for (const message of fromClients)
  test(`the agent understands ${JSON.stringify(message)}`, () => {
    assert.deepEqual(parseClientMessage(message), message)
  })

const fromAgent: AgentMessage[] = [
  { type: 'welcome', protocol: 1, version: '0.1.0' },
  { type: 'settings', settings: defaultSettings },
  { type: 'settings', settings: {} },
  {
    type: 'connection-test',
    id: '1',
    report: {
      destination: { kind: 's3', where: 'records/p' },
      steps: [
        { step: 'link', outcome: { kind: 'ok', found: 'eth0, 192.0.2.7', ms: 1 } },
        { step: 'proxy', outcome: { kind: 'not-needed', why: 'none is set' } },
        {
          step: 'tcp',
          outcome: { kind: 'wrong', problem: { code: 'PORT_DROPPED', detail: 'x:1' }, ms: 5000 },
        },
        { step: 'http', outcome: { kind: 'not-tried' } },
      ],
    },
  },
  { type: 'held-preview', id: '1', object: 'a/key', format: 'webp', width: 2, height: 1, bytes: 'AQID' },
  { type: 'done', id: '1' },
  { type: 'failed', id: '1', problem: { code: 'DISK_FULL' } },
  { type: 'refused', problem: { code: 'PROTOCOL_MISMATCH', detail: 'protocol 2' } },
]
for (const message of fromAgent)
  test(`a client understands ${JSON.stringify(message).slice(0, 70)}`, () => {
    assert.deepEqual(parseAgentMessage(message), message)
  })

const notMessages: [name: string, message: unknown][] = [
  ['nothing', null],
  ['a list', []],
  ['a string', 'hello'],
  ['no type', { id: '1' }],
  ['a type of tomorrow', { type: 'delete-everything', id: '1' }],
  ['a type from the prototype', { type: 'constructor' }],
  ['a hello of an unknown program', { ...hello, program: 'page' }],
  ['a hello with a very long name', { ...hello, name: 'x'.repeat(201) }],
  ['a command without an id', { type: 'resume' }],
  ['an empty id', { type: 'resume', id: '' }],
  ['a very long id', { type: 'resume', id: 'x'.repeat(65) }],
  ['an id that is a number', { type: 'resume', id: 1 }],
  ['a pause without an end', { type: 'pause', id: '1' }],
  ['a pause until some day', { type: 'pause', id: '1', until: 'tomorrow' }],
  ['a pause until a date', { type: 'pause', id: '1', until: '2026-11-22' }],
  ['a pause until no instant', { type: 'pause', id: '1', until: '2026-11-22T15:40:00+14' }],
  ['a pause beyond the years', { type: 'pause', id: '1', until: '9999-12-31T23:59:59-12:00' }],
  ['the last date that there is', { type: 'show-day', id: '1', date: '9999-12-31' }],
  ['a pause until a local time', { type: 'pause', id: '1', until: '2026-11-22T15:40:00' }],
  ['a setting of nothing', { type: 'change-setting', id: '1', name: 'folder', value: null }],
  ['a setting of a list', { type: 'change-setting', id: '1', name: 'folder', value: ['/'] }],
  ['a very long setting', { type: 'change-setting', id: '1', name: 'folder', value: 'x'.repeat(2001) }],
]
for (const [name, message] of notMessages)
  test(`the agent refuses ${name}`, () => {
    assert.throws(() => parseClientMessage(message), { name: 'AppError', code: 'MESSAGE_INVALID' })
  })

test('the error says where the message is wrong, and nothing of what it says', () => {
  assert.throws(
    () => parseClientMessage({ type: 'pause', id: '1', until: 'canary' }),
    (error: AppError) => error.detail === 'at until' && !`${error.message}${error.cause}`.includes('canary'),
  )
})

test('fields that a message does not have are left out, so that a newer side can add some', () => {
  assert.deepEqual(parseClientMessage({ type: 'resume', id: '1', urgent: true }), { type: 'resume', id: '1' })
  assert.deepEqual(parseAgentMessage({ type: 'done', id: '1', tookMs: 3 }), { type: 'done', id: '1' })
})

test('settings of a newer agent that this side does not know are left out', () => {
  const settings = { screenshots: false, colour: 'red', constructor: 'x' }
  assert.deepEqual(parseAgentMessage({ type: 'settings', settings }), {
    type: 'settings',
    settings: { screenshots: false },
  })
})

test('an error code of a newer agent becomes INTERNAL, with its detail', () => {
  const problem = { code: 'SUN_BURNT_OUT', detail: 'in 5 billion years' }
  assert.deepEqual(parseAgentMessage({ type: 'failed', id: '1', problem }), {
    type: 'failed',
    id: '1',
    problem: { code: 'INTERNAL', detail: 'in 5 billion years' },
  })
})

test('anything at all is a message or MESSAGE_INVALID', () => {
  const type = fc.constantFrom('hello', 'subscribe', 'pause', 'change-setting', 'settings', 'failed', 'x')
  const id = fc.oneof(fc.string(), fc.anything())
  const anything = fc.oneof(
    fc.anything(),
    fc.record({ type, id, until: fc.anything(), name: fc.anything(), value: fc.anything() }),
    fc.record({ type, id, settings: fc.dictionary(fc.string(), fc.anything()), problem: fc.anything() }),
  )
  for (const parse of [parseClientMessage, parseAgentMessage])
    fc.assert(
      fc.property(anything, message => {
        try {
          parse(message)
        } catch (error) {
          assert.ok(error instanceof AppError && error.code === 'MESSAGE_INVALID', String(error))
        }
      }),
      { numRuns: 1000 },
    )
})

test('the longest message that is understood fits into a frame', () => {
  const longest = {
    type: 'change-setting',
    id: 'x'.repeat(64),
    name: 'x'.repeat(200),
    value: '€'.repeat(2000),
  }
  assert.ok(encodeFrame(parseClientMessage(longest), maxBytesIn).length < maxBytesIn)
})

test('the own protocol is accepted', () => {
  checkProtocol(protocolVersion)
})

for (const theirs of [0, protocolVersion - 1, protocolVersion + 1, 1.5, Number.NaN])
  test(`protocol ${theirs} is a mismatch that names both`, () => {
    assert.throws(() => checkProtocol(theirs), {
      code: 'PROTOCOL_MISMATCH',
      detail: `protocol ${theirs} and ${protocolVersion}`,
    })
  })

test('the largest preview there may be fits into a message', () => {
  const object = 'k'.repeat(300)
  const bytes = 'A'.repeat(maxPreviewLength)
  const message = {
    type: 'held-preview',
    id: 'i'.repeat(64),
    object,
    format: 'jpeg',
    width: 1600,
    height: 1600,
    bytes,
  }
  assert.equal(parseAgentMessage(message).type, 'held-preview')
  assert.ok(encodeFrame(message, maxBytesOut).length > maxPreviewLength)
  assert.throws(() => parseAgentMessage({ ...message, bytes: `${bytes}AAAA` }), { code: 'MESSAGE_INVALID' })
})
