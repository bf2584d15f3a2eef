import { parseSettingText, type Settings } from '../../protocol/settings.ts'
import type { BucketReader } from '../adapters/destination/s3/read-bucket.ts'
import type { BucketOptions } from '../commands/context.ts'
import type { Places } from '../platform/files/places.ts'

/**
 * Buckets that a person reads from, each connected once. Options count before the variables of the AWS tools, and those
 * before the settings of the tracker of this computer, if there is one. Belongs to cli.ts.
 */
export function openBuckets(places: Places) {
  const readers = new Map<string, Promise<BucketReader>>()
  return {
    /** @throws AppError SETTING_INVALID | PLACE_NOT_SAFE */
    reader(bucket: string, options: BucketOptions = {}): Promise<BucketReader> {
      const known = readers.get(bucket)
      if (known) return known
      const opening = open(bucket, options, places)
      readers.set(bucket, opening)
      return opening
    },
  }
}

async function open(bucket: string, options: BucketOptions, places: Places): Promise<BucketReader> {
  const { readBucket } = await import('../adapters/destination/s3/read-bucket.ts')
  const { findProxyLogin, openCredentials } = await import(
    '../adapters/destination/credentials/credential-source.ts'
  )
  const { openConfigFile } = await import('../adapters/store/config-file.ts')
  const { current } = await openConfigFile(places.config)
  const settings = settingsFor(bucket, options, { settings: current.value, env: process.env })
  return readBucket(settings, {
    credentials: source => openCredentials(source, places.credentials),
    proxyLogin: () => findProxyLogin(places.credentials),
    env: process.env,
    random: Math.random,
  })
}

type Known = { settings: Settings; env: Record<string, string | undefined> }

/** @throws AppError SETTING_INVALID */
export function settingsFor(bucket: string, options: BucketOptions, { settings, env }: Known): Settings {
  const { endpoint, region, profile, caFile } = options
  const isOwn = bucket === settings.bucket_name && endpoint === undefined
  const regionOfShell = settings.bucket_name === '' ? env.AWS_REGION || env.AWS_DEFAULT_REGION : undefined
  return {
    ...settings,
    bucket_name: bucket,
    bucket_owner: isOwn ? settings.bucket_owner : '',
    endpoint: endpoint === undefined ? settings.endpoint : parseSettingText('endpoint', endpoint),
    region: parseSettingText('region', region ?? regionOfShell ?? settings.region),
    ca_file: caFile ?? settings.ca_file,
    ...credentialsFor(profile, settings, env),
  }
}

/**
 * What a person names in the shell is theirs, and may read; what the tracker uploads with is the last choice, because it
 * need not be allowed to.
 */
function credentialsFor(
  profile: string | undefined,
  { credentials, credentials_profile }: Settings,
  env: Known['env'],
): Pick<Settings, 'credentials' | 'credentials_profile'> {
  if (profile !== undefined)
    return { credentials: 'profile', credentials_profile: parseSettingText('credentials_profile', profile) }
  if (env.AWS_ACCESS_KEY_ID) return { credentials: 'environment', credentials_profile: '' }
  if (env.AWS_PROFILE) return { credentials: 'profile', credentials_profile: '' }
  return { credentials, credentials_profile }
}
