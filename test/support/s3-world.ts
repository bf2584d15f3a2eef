import type { S3World } from '../../native-host/adapters/destination/s3/connection.ts'
import type { S3Settings } from '../../native-host/adapters/destination/s3/settings.ts'
import { defaultSettings } from '../../protocol/settings.ts'
import { fakeMultipartProgress } from '../fakes-multipart.ts'
import type { S3Keys } from './s3-server.ts'

/** What an S3 destination needs besides its settings: these credentials, no proxy, and a memory of its own. */
export function s3World(keys: S3Keys, rest: Partial<S3World> = {}): S3World {
  return {
    credentials: async () => async () => keys,
    proxyLogin: async () => undefined,
    uploads: fakeMultipartProgress(),
    env: {},
    ...rest,
  }
}

export function s3Settings(changes: Partial<S3Settings>): S3Settings {
  return { ...defaultSettings, bucket_name: 'records', ...changes }
}
