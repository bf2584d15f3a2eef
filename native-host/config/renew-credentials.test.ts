import assert from 'node:assert/strict'
import { test } from 'node:test'
import { howToRenew, originOf } from './renew-credentials.ts'

const rows: [marks: string[], profile: string | undefined, how: string][] = [
  [['CREDENTIALS_SSO'], undefined, 'renew them: aws sso login'],
  [['CREDENTIALS_PROFILE_SSO', 'CREDENTIALS_SSO'], 'work', 'renew them: aws sso login --profile work'],
  [['CREDENTIALS_PROFILE_SSO'], 'my work', 'renew them: aws sso login --profile "my work"'],
  [['CREDENTIALS_LOGIN'], 'work', 'renew them: aws login --profile work'],
  [
    ['CREDENTIALS_PROFILE', 'CREDENTIALS_PROFILE_PROCESS'],
    'default',
    'renew them: sign in again where the credential_process of the default profile gets them',
  ],
  [['CREDENTIALS_PROFILE'], 'x', 'renew them: put new ones into profile x of ~/.aws/credentials'],
  [
    ['CREDENTIALS_ENV_VARS'],
    undefined,
    'renew them: set AWS_SESSION_TOKEN and the other variables again, then run: activity-tracker stop && activity-tracker start',
  ],
  [['KEPT_IN_FILE'], undefined, 'renew them: activity-tracker credentials set --file'],
  [['KEPT_IN_KEYCHAIN'], undefined, 'renew them: activity-tracker credentials set'],
  [['CREDENTIALS_IMDS'], undefined, 'the service that provides them to this computer has no newer ones'],
  [[], undefined, 'renew them at their source'],
]
for (const [marks, profile, how] of rows)
  test(`${marks.join(' and ') || 'no mark'}: ${how}`, () => {
    assert.equal(howToRenew(originOf(Object.fromEntries(marks.map(mark => [mark, 'x']))), profile), how)
  })
