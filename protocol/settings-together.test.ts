import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkTogether, inFittingOrder } from './settings-together.ts'

const aws = { bucket_name: 'records', region: 'eu-central-1', endpoint: '' }
const other = 'https://s3.example.org'

const rows: [name: string, place: typeof aws, fits: boolean][] = [
  ['no bucket', { ...aws, bucket_name: '' }, true],
  ['a bucket of AWS', aws, true],
  ['a tenant at AWS', { ...aws, bucket_name: 'tenant:records' }, false],
  ['capitals at AWS', { ...aws, bucket_name: 'Records' }, false],
  ['two letters at AWS', { ...aws, bucket_name: 'ab' }, false],
  ['a region of another store at AWS', { ...aws, region: 'RegionOne' }, false],
  ['a host in place of a region', { ...aws, region: 'evil.example' }, false],
  ['all of it elsewhere', { bucket_name: 'tenant:My_Records', region: 'RegionOne', endpoint: other }, true],
]
for (const [name, place, fits] of rows)
  test(`${name}: ${fits ? 'fits' : 'SETTING_INVALID'}`, () => {
    if (fits) checkTogether(place)
    else assert.throws(() => checkTogether(place), { code: 'SETTING_INVALID' })
  })

test('an endpoint is set before what only its server allows, and taken away after it', () => {
  const names = ['bucket_name', 'endpoint', 'prefix']
  assert.deepEqual(inFittingOrder(names, other), ['endpoint', 'bucket_name', 'prefix'])
  assert.deepEqual(inFittingOrder(names, ''), names)
  assert.deepEqual(inFittingOrder(names, undefined), names)
})
