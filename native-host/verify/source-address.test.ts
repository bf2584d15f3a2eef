import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatBucketAddress, parseBucketAddress } from './source-address.ts'

for (const [source, bucket, prefix] of [
  ['s3://records', 'records', ''],
  ['s3://records/', 'records', ''],
  ['s3://records/a/b', 'records', 'a/b'],
  ['s3://records/../b', 'records', '../b'],
  ['s3://tenant:records/a', 'tenant:records', 'a'],
] as const)
  test(`${source} is the bucket ${bucket}`, () => {
    assert.deepEqual(parseBucketAddress(source), { bucket, prefix })
    assert.equal(formatBucketAddress({ bucket, prefix }), prefix === '' ? 's3://records/' : source)
  })

for (const source of ['s3://', 's3:///a', 's3://a b/c', 's3://..'])
  test(`${source} names no bucket`, () => assert.throws(() => parseBucketAddress(source), { code: 'USAGE' }))

for (const source of ['records', '/s3:/records', 'S3', 's3:/records'])
  test(`${source} is a path`, () => assert.equal(parseBucketAddress(source), undefined))
