import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseBackgroundMessage, parsePageMessage } from './page-channel.ts'

const passed: unknown[] = [
  { type: 'check-again' },
  { type: 'acknowledge', id: 'a', text_version: 1 },
  { type: 'pause', id: 'a', until: null },
  { type: 'pause', id: 'a', until: '2026-11-19T14:00:00.000Z' },
  { type: 'resume', id: 'a' },
  { type: 'screenshot-now', id: 'a' },
  { type: 'test-connection', id: 'a' },
  { type: 'preview-held', id: 'a', object: 'a/key', size: 'small' },
  { type: 'blur-held', id: 'a', object: 'a/key' },
  { type: 'delete-held', id: 'a', object: 'a/key' },
  { type: 'change-setting', id: 'a', name: 'blur_screenshots', value: false },
]
for (const message of passed)
  test(`a page may send ${JSON.stringify(message)}`, () => {
    assert.deepEqual(parsePageMessage(message), message)
  })

const refused: [name: string, message: unknown][] = [
  [
    'a hello, which the background alone says',
    { type: 'hello', protocol: 1, version: '1', program: 'bridge', name: 'x' },
  ],
  ['a subscription, which the background keeps for all pages', { type: 'subscribe', live: true }],
  ['a stop, which is for the command line', { type: 'stop', id: 'a' }],
  ['new keys, which are for the command line', { type: 'reload-keys', id: 'a' }],
  ['a pause without an id', { type: 'pause', until: null }],
  ['a pause until a word', { type: 'pause', id: 'a', until: 'tomorrow' }],
  ['an unknown type', { type: 'eval', id: 'a' }],
  ['no object', 'resume'],
]
for (const [name, message] of refused)
  test(`a page may not send ${name}`, () => {
    assert.throws(() => parsePageMessage(message), { code: 'MESSAGE_INVALID' })
  })

test('what a page may send loses every field that the protocol does not know', () => {
  assert.deepEqual(parsePageMessage({ type: 'resume', id: 'a', program: 'command-line' }), {
    type: 'resume',
    id: 'a',
  })
})

test('a page receives the link and the answers, not the agent’s greeting', () => {
  const link = { type: 'link', link: { kind: 'connected', version: '1.0.0' } }
  assert.deepEqual(parseBackgroundMessage(link), link)
  const failed = { type: 'failed', id: 'a', problem: { code: 'DISK_FULL' } }
  assert.deepEqual(parseBackgroundMessage(failed), failed)
  assert.throws(() => parseBackgroundMessage({ type: 'welcome', protocol: 1, version: '1' }), {
    code: 'MESSAGE_INVALID',
  })
})
