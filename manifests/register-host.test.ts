import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { promisify } from 'node:util'
import { AppError } from '../protocol/errors.ts'
import { type Registration, registerHost } from './register-host.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'register-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

const registration = (separate = false): Registration => ({
  home,
  env: {},
  separate,
  platform: process.platform,
  trackerHome: join(home, 'tracker'),
  bridge: join(home, 'bridge.mjs'),
  node: [process.execPath],
  keep: { bridge: ['HOME'], 'command-line': ['HOME'] },
  browsers: ['chromium'],
})

test('before a build it says so, and writes nothing', async () => {
  await assert.rejects(
    registerHost(registration()),
    (error: unknown) => error instanceof AppError && error.code === 'NOT_BUILT',
  )
})

for (const [what, separate] of [
  ['the account’s own tracker: it names no folder, so that every user of the computer can use it', false],
  ['a second tracker: it names the folder', true],
] as const)
  test(`what browsers start is the bridge, here of ${what}`, async () => {
    await writeFile(
      join(home, 'bridge.mjs'),
      'console.log(process.env.ACTIVITY_TRACKER_HOME, process.argv[2])',
    )
    const { launcher } = await registerHost({
      ...registration(separate),
      env: { ACTIVITY_TRACKER_HOME: '/of/this/shell' },
    })
    const { stdout } = await promisify(execFile)(launcher, ['chrome-extension://x/'], { env: {} })
    assert.equal(stdout, `${separate ? join(home, 'tracker') : 'undefined'} chrome-extension://x/\n`)
  })
