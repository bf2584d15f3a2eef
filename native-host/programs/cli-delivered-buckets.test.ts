import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultSettings, type Settings } from '../../protocol/settings.ts'
import type { BucketOptions } from '../commands/context.ts'
import { settingsFor } from './cli-delivered-buckets.ts'

const none = { ...defaultSettings, bucket_name: '' }
const tracker: Settings = {
  ...defaultSettings,
  bucket_name: 'records',
  bucket_owner: '123456789012',
  endpoint: 'https://s3.example.org',
  region: 'home',
  credentials: 'keychain',
}

const cases: [
  what: string,
  given: { bucket?: string; options?: BucketOptions; settings?: Settings; env?: Record<string, string> },
  expected: Partial<Settings>,
][] = [
  ['nothing is known', {}, { endpoint: '', region: 'us-east-1', credentials: 'automatic' }],
  ['the shell names a region', { env: { AWS_REGION: 'eu-west-1' } }, { region: 'eu-west-1' }],
  [
    'the tracker has this bucket',
    { settings: tracker, env: { AWS_REGION: 'eu-west-1' } },
    {
      bucket_owner: '123456789012',
      endpoint: 'https://s3.example.org',
      region: 'home',
      credentials: 'keychain',
    },
  ],
  [
    'the tracker has another bucket',
    { settings: tracker, bucket: 'other' },
    { bucket_owner: '', region: 'home' },
  ],
  [
    'options count first',
    { settings: tracker, options: { endpoint: 'https://s3.other.org', region: 'there', caFile: 'ca.pem' } },
    { bucket_owner: '', endpoint: 'https://s3.other.org', region: 'there', ca_file: 'ca.pem' },
  ],
  [
    'keys of the shell are those of the person, and not the ones that the tracker uploads with',
    { settings: tracker, env: { AWS_ACCESS_KEY_ID: 'A', AWS_PROFILE: 'p' } },
    { credentials: 'environment' },
  ],
  ['so is a profile', { settings: tracker, env: { AWS_PROFILE: 'p' } }, { credentials: 'profile' }],
  [
    'a profile that was named counts before keys of the shell',
    { env: { AWS_ACCESS_KEY_ID: 'A' }, options: { profile: 'owner' } },
    { credentials: 'profile', credentials_profile: 'owner' },
  ],
]

for (const [what, { bucket = 'records', options = {}, settings = none, env = {} }, expected] of cases)
  test(what, () => {
    const found: Settings = settingsFor(bucket, options, { settings, env })
    assert.equal(found.bucket_name, bucket)
    assert.deepEqual({ ...found, ...expected }, found)
  })

test('an address that is none is refused', () => {
  const known = { settings: none, env: {} }
  assert.throws(() => settingsFor('records', { endpoint: 'example' }, known), { code: 'SETTING_INVALID' })
})
