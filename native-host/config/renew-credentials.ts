import type { Settings } from '../../protocol/settings.ts'

export type CredentialOrigin = Settings['credentials'] | 'file' | 'lent' | 'login'

/** By the marks of the SDK and our own. The first match counts, because a profile provides a role. */
const origins: [mark: RegExp, origin: CredentialOrigin][] = [
  [/KEPT_IN_FILE/, 'file'],
  [/KEPT_IN_KEYCHAIN/, 'keychain'],
  [/SSO/, 'sso'],
  [/LOGIN/, 'login'],
  [/PROCESS/, 'process'],
  [/ENV_VARS/, 'environment'],
  [/IMDS|HTTP|WEB_ID/, 'lent'],
  [/PROFILE/, 'profile'],
]

export function originOf(marks: object | undefined): CredentialOrigin {
  const all = Object.keys(marks ?? {}).join(' ')
  return origins.find(([mark]) => mark.test(all))?.[1] ?? 'automatic'
}

/** The instruction that renews credentials at their origin. */
export function howToRenew(origin: CredentialOrigin, profile = ''): string {
  const name = profile === '' || profile === 'default' ? '' : profile
  const shown = /^[\w.@+:/=-]+$/.test(name) ? name : `"${name}"`
  const ofProfile = name === '' ? 'the default profile' : `profile ${shown}`
  switch (origin) {
    case 'sso':
      return `renew them: aws sso login${name === '' ? '' : ` --profile ${shown}`}`
    case 'login':
      return `renew them: aws login${name === '' ? '' : ` --profile ${shown}`}`
    case 'process':
      return `renew them: sign in again where the credential_process of ${ofProfile} gets them`
    case 'profile':
      return `renew them: put new ones into ${ofProfile} of ~/.aws/credentials`
    case 'environment':
      return 'renew them: set AWS_SESSION_TOKEN and the other variables again, then run: activity-tracker stop && activity-tracker start'
    case 'keychain':
      return 'renew them: activity-tracker credentials set'
    case 'file':
      return 'renew them: activity-tracker credentials set --file'
    case 'lent':
      return 'the service that provides them to this computer has no newer ones'
    case 'automatic':
      return 'renew them at their source'
    default:
      throw origin satisfies never
  }
}
