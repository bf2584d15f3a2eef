import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { makePathsWhole } from './whole-paths.ts'

test('a relative path in a variable is seen from here, for a program in any folder', () => {
  const env = {
    ACTIVITY_TRACKER_HOME: 'tracker',
    AWS_SHARED_CREDENTIALS_FILE: './aws',
    XAUTHORITY: '/run/x',
    GNUPGHOME: '',
    HOME: 'not a matter of ours',
    XDG_DATA_HOME: 'ignored',
  }
  const { HOME, XDG_DATA_HOME, XAUTHORITY, GNUPGHOME } = env
  makePathsWhole(env)
  const here = process.cwd()
  assert.deepEqual(env, {
    ACTIVITY_TRACKER_HOME: join(here, 'tracker'),
    AWS_SHARED_CREDENTIALS_FILE: join(here, 'aws'),
    ...{ HOME, XDG_DATA_HOME, XAUTHORITY, GNUPGHOME },
  })
})
