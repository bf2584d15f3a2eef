import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareDevices } from './compare-devices.ts'

const device = (name: string | undefined, keys: string[], from?: string) => ({ device: name, keys, from })

test('devices with a key each are in order', () => {
  assert.deepEqual(compareDevices([device('a', ['k']), device('b', ['l'])], ['k', 'l']), [])
})

test('a given key without any signature is missing, once', () => {
  assert.deepEqual(compareDevices([device('a', ['k'])], ['k', 'l', 'l', 'm,k']), [
    { kind: 'device-missing', key: 'l' },
    { kind: 'device-missing', key: 'm' },
  ])
})

test('objects without a device name count for no key', () => {
  assert.deepEqual(compareDevices([device(undefined, ['k'])], ['k']), [{ kind: 'device-missing', key: 'k' }])
})

test('one key under two names is a history that was begun anew, in the order of time', () => {
  const devices = [
    device('b', ['k'], '2026-11-23'),
    device('a', ['k', 'l'], '2026-11-22'),
    device('c', ['k'], '2026-11-24'),
    device('a', ['k'], '2026-11-25'),
  ]
  for (const order of [devices, devices.toReversed()])
    assert.deepEqual(compareDevices(order, []), [
      { kind: 'history-begun-anew', key: 'k', devices: ['a', 'b', 'c'] },
    ])
})
