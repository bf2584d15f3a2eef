import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lasting } from './problem-since.ts'

const known = { since: '12:00', problem: { code: 'DISK_FULL', detail: 'old' } } as const

test('a problem lasts since it was first seen, with its latest detail', () => {
  assert.deepEqual(lasting(undefined, { code: 'DISK_FULL' }, '12:00'), {
    since: '12:00',
    problem: { code: 'DISK_FULL' },
  })
  assert.deepEqual(lasting(known, { code: 'DISK_FULL', detail: 'new' }, '12:30'), {
    since: '12:00',
    problem: { code: 'DISK_FULL', detail: 'new' },
  })
})

test('another problem is a new one, and no problem stays none', () => {
  assert.equal(lasting(known, { code: 'STORE_NOT_WRITABLE' }, '12:30')?.since, '12:30')
  assert.equal(lasting(known, undefined, '12:30'), undefined)
})
