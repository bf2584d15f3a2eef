import { AppError } from './errors.ts'
import type { Settings } from './settings.ts'

type Place = Pick<Settings, 'bucket_name' | 'region' | 'endpoint'>

/** What AWS allows. Other stores have rules of their own, and their servers judge by them. */
const rulesOfAws: { name: 'bucket_name' | 'region'; pattern: RegExp; hint: string }[] = [
  {
    name: 'bucket_name',
    pattern: /^$|^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    hint: '3 to 63 lower-case letters, digits, dots and hyphens',
  },
  { name: 'region', pattern: /^[a-z0-9-]{1,40}$/, hint: 'lower-case letters, digits and hyphens' },
]

/**
 * Whether settings that are good by themselves are good together: without an endpoint, AWS is the server.
 * @throws AppError SETTING_INVALID
 */
export function checkTogether(settings: Place): void {
  if (settings.endpoint !== '') return
  const broken = rulesOfAws.find(({ name, pattern }) => !pattern.test(settings[name]))
  if (broken === undefined) return
  throw new AppError('SETTING_INVALID', {
    detail: `${broken.name} at AWS takes ${broken.hint}; for another server, set the endpoint first`,
  })
}

/** In which order changes that belong together are made, so that each of them fits what is there. */
export function inFittingOrder<N extends string>(names: readonly N[], endpoint: string | undefined): N[] {
  const isEndpoint = (name: N) => name === 'endpoint'
  const first = endpoint !== undefined && endpoint !== ''
  return first ? [...names.filter(isEndpoint), ...names.filter(name => !isEndpoint(name))] : [...names]
}
