import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeWayland, encodeWayland, readGlobal, waylandSocket } from '../../platform/wayland/messages.ts'

test('messages are read as they were written, however they are cut on their way', () => {
  const bytes = Buffer.concat([
    encodeWayland(2, 0, 7, 'wl_seat', 8),
    encodeWayland(6, 1),
    encodeWayland(3, 0, 1),
  ])
  const all = decodeWayland(bytes)
  assert.deepEqual(
    all.messages.map(({ object, code }) => [object, code]),
    [
      [2, 0],
      [6, 1],
      [3, 0],
    ],
  )
  fc.assert(
    fc.property(fc.nat(bytes.length), cut => {
      const first = decodeWayland(bytes.subarray(0, cut))
      const second = decodeWayland(Buffer.concat([first.rest, bytes.subarray(cut)]))
      assert.deepEqual([...first.messages, ...second.messages], all.messages)
      assert.equal(second.rest.length, 0)
    }),
  )
})

test('what a compositor offers has a number, a name and a version, for a name of any length', () => {
  for (const name of ['', 'abc', 'wl_seat', 'ext_idle_notifier_v1']) {
    const [message] = decodeWayland(encodeWayland(2, 0, 11, name, 2)).messages
    assert.deepEqual(message && readGlobal(message.content), { number: 11, name, version: 2 })
  }
})

test('something that is not Wayland is no endless loop', () => {
  assert.throws(() => decodeWayland(Buffer.alloc(64)), RangeError)
})

const sessions: [env: NodeJS.ProcessEnv, socket: string | undefined][] = [
  [{ WAYLAND_DISPLAY: 'wayland-0', XDG_RUNTIME_DIR: '/run/user/1' }, '/run/user/1/wayland-0'],
  [{ WAYLAND_DISPLAY: '/run/other/wayland-1' }, '/run/other/wayland-1'],
  [{ WAYLAND_DISPLAY: 'wayland-0' }, undefined],
  [{ XDG_RUNTIME_DIR: '/run/user/1' }, undefined],
]
for (const [env, socket] of sessions)
  test(`${JSON.stringify(env)}: ${socket ?? 'no session of Wayland'}`, () => {
    assert.equal(waylandSocket(env), socket)
  })
