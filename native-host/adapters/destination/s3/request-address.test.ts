import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { addressOf } from './request-address.ts'

const rows: [name: string, place: { region: string; endpoint: string; bucket: string }, address: string][] = [
  [
    'AWS names the bucket in the host',
    { region: 'eu-central-1', endpoint: '', bucket: 'my-records' },
    'https://my-records.s3.eu-central-1.amazonaws.com/',
  ],
  [
    'a bucket with dots has no certificate, so it is in the path',
    { region: 'eu-central-1', endpoint: '', bucket: 'my.records' },
    'https://s3.eu-central-1.amazonaws.com/my.records/',
  ],
  [
    'China is a part of its own',
    { region: 'cn-north-1', endpoint: '', bucket: 'my-records' },
    'https://my-records.s3.cn-north-1.amazonaws.com.cn/',
  ],
  [
    'another server has it in the path',
    { region: 'us-east-1', endpoint: 'http://[::1]:9000/base', bucket: 'my-records' },
    'http://[::1]:9000/base/my-records/',
  ],
]
for (const [name, place, address] of rows) {
  test(name, async () => assert.equal((await addressOf(place)).href, address))
}

afterEach(() => {
  delete process.env.AWS_ENDPOINT_URL_S3
})

test('a variable of the SDK leads nowhere else', async () => {
  process.env.AWS_ENDPOINT_URL_S3 = 'https://s3.example.test:9000'
  const address = await addressOf({ region: 'us-east-1', endpoint: '', bucket: 'my-records' })
  assert.equal(address.host, 'my-records.s3.us-east-1.amazonaws.com')
})
