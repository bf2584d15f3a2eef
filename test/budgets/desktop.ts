import assert from 'node:assert/strict'
import { decodeMessage, encodeCall } from '../../native-host/adapters/presence/dbus-message.ts'
import { readValues, writeValues } from '../../native-host/adapters/presence/dbus-values.ts'
import { budgets } from '../../native-host/core/budgets.ts'

const call = { destination: 'a.b', path: '/', interface: 'a.b', member: 'M', signature: 's' }

export const desktopTrials = {
  dbusMessage() {
    const { most } = budgets.dbusMessage
    const around = encodeCall(1, { ...call, body: [''] }).length
    const message = (length: number) => encodeCall(1, { ...call, body: ['x'.repeat(length - around)] })
    assert.equal(decodeMessage(message(most))?.length, most)
    // Refused when its header is there, before the rest has come.
    assert.throws(() => decodeMessage(message(most + 1).subarray(0, 16)), RangeError)
  },
  dbusArray() {
    const { most } = budgets.dbusArray
    const array = (length: number) => Buffer.concat([writeValues('u', [length]), Buffer.alloc(length)])
    assert.equal(Array.isArray(readValues('ay', array(most)).values[0]), true)
    assert.throws(() => readValues('ay', array(most + 1)), RangeError)
  },
  dbusDepth() {
    const { most } = budgets.dbusDepth
    const variants = (count: number) =>
      Buffer.concat([
        ...Array.from({ length: count - 1 }, () => Buffer.from([1, 0x76, 0])),
        Buffer.from([1, 0x79, 0, 5]),
      ])
    assert.deepEqual(readValues('v', variants(most)).values, [5])
    assert.throws(() => readValues('v', variants(most + 1)), RangeError)
  },
}
