import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Call, decodeMessage, encodeCall } from './message.ts'
import { readValues, typesOf, writeValues } from './values.ts'

const call: Call = {
  destination: 'org.freedesktop.login1',
  path: '/org/freedesktop/login1',
  interface: 'org.freedesktop.login1.Manager',
  member: 'GetSession',
  signature: 's',
  body: ['c2'],
}

/** What dbus-send 1.14 puts on a bus (`dbus-monitor --pcap`): the signal ActiveChanged(true) of :1.1. */
const signalOfReference = Buffer.from(
  '6c04010104000000020000006d000000' +
    '01016f00160000002f6f72672f676e6f6d652f53637265656e53617665720000' +
    '02017300150000006f72672e676e6f6d652e53637265656e5361766572000000' +
    '030173000d0000004163746976654368616e676564000000' +
    '0801670001620000' +
    '07017300040000003a312e3100000000' +
    '01000000',
  'hex',
)

test('a call is read back as it was asked', () => {
  const decoded = decodeMessage(encodeCall(7, call))
  assert.equal(decoded?.message.type, 'call')
  assert.equal(decoded.message.serial, 7)
  assert.equal(decoded.message.member, 'GetSession')
  assert.equal(decoded.message.path, '/org/freedesktop/login1')
  assert.deepEqual(decoded.message.body, ['c2'])
})

test('a signal is read as the reference implementation writes it', () => {
  const decoded = decodeMessage(signalOfReference)
  assert.equal(decoded?.length, signalOfReference.length)
  const { type, path, interface: of, member, sender, body } = decoded.message
  assert.deepEqual(
    { type, path, of, member, sender, body },
    {
      ...{ type: 'signal', path: '/org/gnome/ScreenSaver', of: 'org.gnome.ScreenSaver' },
      ...{ member: 'ActiveChanged', sender: ':1.1', body: [true] },
    },
  )
})

test('a message that has not arrived in full is waited for, at every length of it', () => {
  for (let length = 0; length < signalOfReference.length; length++)
    assert.equal(decodeMessage(signalOfReference.subarray(0, length)), undefined)
})

test('a message that says it is a hundred megabytes long is none', () => {
  const long = Buffer.from(signalOfReference)
  long.writeUInt32LE(100_000_000, 4)
  assert.throws(() => decodeMessage(long), RangeError)
})

test('any bytes that arrive are a message, part of one, or an error, soon', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.tuple(fc.nat(signalOfReference.length - 1), fc.nat(255)).map(([at, value]) => {
      const changed = Buffer.from(signalOfReference)
      changed[at] = value
      return changed
    }),
  )
  fc.assert(
    fc.property(bytes, given => {
      try {
        decodeMessage(Buffer.from(given))
      } catch (error) {
        assert.ok(error instanceof Error)
      }
    }),
    { numRuns: 3000 },
  )
})

const values: [signature: string, values: (string | number | bigint | boolean)[]][] = [
  ['s', ['Grüße']],
  ['u', [4_000_000_000]],
  ['t', [2n ** 60n]],
  ['sus', ['a', 1, '']],
  ['bt', [true, 1n]],
  ['o', ['/']],
  ['ss', ['org.freedesktop.login1.Session', 'LockedHint']],
]
for (const [signature, given] of values)
  test(`${signature} is read as it was written, at any start`, () => {
    for (const before of [0, 1, 4, 7]) {
      const bytes = writeValues(signature, given, Buffer.alloc(before))
      assert.deepEqual(readValues(signature, bytes, before).values, given)
    }
  })

test('what logind lists is read as rows', () => {
  // a(ssssuu) with one row, as ListInhibitors answers.
  const row = writeValues('ssssuu', ['idle', 'a player', 'a video', 'block', 1000, 4711])
  const length = Buffer.alloc(8)
  length.writeUInt32LE(row.length)
  assert.deepEqual(readValues('a(ssssuu)', Buffer.concat([length, row])).values, [
    [['idle', 'a player', 'a video', 'block', 1000, 4711]],
  ])
})

test('a signature falls into its types', () => {
  assert.deepEqual(typesOf('sa{sv}(ua(so))at'), ['s', 'a{sv}', '(ua(so))', 'at'])
  for (const wrong of ['z', '(s', 'a', '{s']) assert.throws(() => typesOf(wrong), RangeError)
})

test('an array of structures with nothing in them ends', () => {
  const bytes = Buffer.alloc(16)
  bytes.writeUInt32LE(8)
  assert.throws(() => readValues('a()', bytes), RangeError)
})

test('variants within variants end', () => {
  const deep = Buffer.concat([
    ...Array.from({ length: 100 }, () => Buffer.from([1, 0x76, 0])),
    Buffer.from([1, 0x79, 0, 5]),
  ])
  assert.throws(() => readValues('v', deep), RangeError)
})
