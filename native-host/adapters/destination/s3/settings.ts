import * as v from 'valibot'
import type { SettingName, Settings } from '../../../../protocol/settings.ts'

/** What makes a bucket another destination when it changes. */
export const s3SettingNames = [
  'bucket_name',
  'region',
  'endpoint',
  'prefix',
  'credentials',
  'credentials_profile',
  'bucket_owner',
  'storage_class',
  'server_side_encryption',
  'sse_kms_key',
  'proxy',
  'ca_file',
] as const satisfies SettingName[]

/** An endpoint makes it another server than AWS, addressed in path style. */
export type S3Settings = Pick<Settings, (typeof s3SettingNames)[number]>

export function isSameBucket(a: S3Settings, b: S3Settings): boolean {
  return s3SettingNames.every(name => a[name] === b[name])
}

/** The key below the prefix. */
export function objectName({ prefix }: Pick<S3Settings, 'prefix'>, key: string): string {
  return [cleaned(prefix), key].filter(part => part !== '').join('/')
}

/** For people. */
export function showBucket({ bucket_name, prefix }: S3Settings): string {
  return [bucket_name, cleaned(prefix)].filter(part => part !== '').join('/')
}

const cleaned = (prefix: string) => prefix.replace(/^\/+|\/+$/g, '')

/** For every request: nothing goes into the bucket of another account that has taken the name. */
export function bucketOf({ bucket_name, bucket_owner }: S3Settings) {
  return { Bucket: bucket_name, ...(bucket_owner !== '' && { ExpectedBucketOwner: bucket_owner }) }
}

/** How an object is stored; sent when it is created. */
export function storageOf({ storage_class, server_side_encryption, sse_kms_key }: S3Settings) {
  const kms = server_side_encryption === 'aws:kms' && sse_kms_key !== ''
  return {
    ContentType: 'application/octet-stream',
    // S3 has more classes than the SDK's types, and other servers have their own.
    ...(storage_class !== '' && { StorageClass: storage_class as 'STANDARD' }),
    ...(server_side_encryption !== 'none' && { ServerSideEncryption: server_side_encryption }),
    ...(kms && { SSEKMSKeyId: sse_kms_key }),
  }
}

/** Where, and stored how: parts that were sent there are worth nothing elsewhere. */
const placeSchema = v.object({
  endpoint: v.string(),
  region: v.string(),
  bucket_name: v.string(),
  bucket_owner: v.string(),
  prefix: v.string(),
  storage_class: v.string(),
  server_side_encryption: v.picklist(['none', 'AES256', 'aws:kms']),
  sse_kms_key: v.string(),
})
export type UploadPlace = v.InferOutput<typeof placeSchema>

export function formatPlace(settings: S3Settings): string {
  return JSON.stringify(v.parse(placeSchema, settings))
}

export function parsePlace(text: string): UploadPlace | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), placeSchema), text)
  return parsed.success ? parsed.output : undefined
}
