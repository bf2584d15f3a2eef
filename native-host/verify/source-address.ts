import { AppError } from '../../protocol/errors.ts'
import { parseSettingText } from '../../protocol/settings.ts'

/** A bucket, or what lies below a prefix of one, as people name it to other tools too: s3://bucket/prefix. */
export type BucketAddress = { bucket: string; prefix: string }

const scheme = 's3://'

/** @throws AppError USAGE when it begins as an address of a bucket and is none; undefined for the path of a file */
export function parseBucketAddress(source: string): BucketAddress | undefined {
  if (!source.startsWith(scheme)) return undefined
  const rest = source.slice(scheme.length)
  const end = rest.indexOf('/')
  const bucket = end < 0 ? rest : rest.slice(0, end)
  try {
    if (parseSettingText('bucket_name', bucket) === '') throw new AppError('USAGE')
  } catch (cause) {
    throw new AppError('USAGE', { detail: `${source}: a bucket is named as s3://BUCKET/PREFIX`, cause })
  }
  return { bucket, prefix: end < 0 ? '' : rest.slice(end + 1) }
}

export function formatBucketAddress({ bucket, prefix }: BucketAddress): string {
  return `${scheme}${bucket}/${prefix}`
}
