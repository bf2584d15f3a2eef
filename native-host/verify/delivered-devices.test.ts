import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isInPart, mayHoldPart, placeOf } from './delivered-devices.ts'
import { parseObjectName } from './object-order.ts'

const name = `000000000042-${'ab'.repeat(32)}.records.ndjson.zst.age`

for (const [what, above, below, device, person] of [
  ['a date below a device', ['home', 'delivered'], ['laptop', '2026-11-22'], 'laptop', ''],
  ['a person above the device', ['bucket'], ['team', 'ana', 'laptop', '2026-11-22'], 'laptop', 'team/ana'],
  ['the folder of a device', ['bucket', 'laptop'], ['2026-11-22'], 'laptop', ''],
  ['the folder of a date', ['bucket', 'laptop', '2026-11-22'], [], 'laptop', ''],
  ['objects that were copied elsewhere', ['home', 'copies'], [], 'copies', ''],
] as const)
  test(what, () => assert.deepEqual(placeOf(above, below), { device, person }))

test('days outside a part are not even listed', () => {
  const part = { devices: ['laptop'], from: '2026-11-01', until: '2026-11-30' }
  const mayHold = (path: string) => mayHoldPart(path.split('/'), part)
  for (const path of ['ana', 'ana/laptop', 'ana/tablet', 'ana/laptop/2026-11-01', 'ana/laptop/2026-11-30'])
    assert.ok(mayHold(path), path)
  for (const path of ['laptop/2026-10-31', 'laptop/2026-12-01', 'tablet/2026-11-02'])
    assert.ok(!mayHold(path), path)
})

test('an object belongs to a part by its kind, its device and the date of its folder', () => {
  const isIn = (path: string, part: Parameters<typeof isInPart>[2]) => {
    const object = parseObjectName(`${path}/${name}`, name)
    assert.ok(object)
    return isInPart(object, 'laptop', part)
  }
  assert.ok(isIn('laptop/2026-11-22', {}))
  assert.ok(isIn('laptop/2026-11-22', { kind: 'records', from: '2026-11-22', until: '2026-11-22' }))
  assert.ok(!isIn('laptop/2026-11-22', { kind: 'screenshot' }))
  assert.ok(!isIn('laptop/2026-11-22', { devices: ['tablet'] }))
  assert.ok(!isIn('laptop/2026-11-22', { until: '2026-11-21' }))
  assert.ok(isIn('copies', { until: '2026-11-21' }), 'its date is not known')
})
