import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { builtProgram } from '../support/built-program.ts'
import { createTrackerHome } from '../support/tracker-home.ts'

/** A user whom the system does not list, so that HOME is the account's: the real account of who runs this is left alone. */
const uid = 54321

test('a variable of one shell makes no second tracker in silence', {
  skip: process.getuid?.() !== 0 && 'needs root',
}, async () => {
  await using home = await createTrackerHome()
  const own = join(home.userHome, '.local', 'share', 'activity-tracker')
  mkdirSync(own, { recursive: true, mode: 0o700 })
  writeFileSync(join(own, 'state.db'), '')
  chmodSync(home.root, 0o755)
  await promisify(execFile)('chown', ['-R', String(uid), home.userHome, home.env.TMPDIR ?? ''])
  mkdirSync(home.places.home)
  chownSync(home.places.home, uid, uid)
  const run = async (...words: string[]) => {
    const user = ['--reuid', String(uid), '--regid', String(uid), '--clear-groups']
    const program = [process.execPath, '--no-warnings', builtProgram('cli'), ...words]
    const options = { env: home.env, cwd: '/' }
    return promisify(execFile)('setpriv', [...user, ...program], options).catch(
      (error: { stdout: string; stderr: string }) => error,
    )
  }
  assert.ok(
    (await run('status')).stdout.includes(`not your own tracker, which is in ${own}`),
    'before it runs',
  )
  const asked = await run('start')
  assert.match(asked.stderr, /^This is not your account’s usual tracker/m, 'before anyone agrees')
  try {
    const started = await run('start', '--acknowledge')
    assert.match(started.stdout, /ANOTHER_TRACKER/)
    assert.ok(started.stdout.includes(own))
    assert.equal(JSON.parse((await run('status', '--json')).stdout).agent.own_home, own)
    assert.ok((await run('doctor')).stdout.includes(`not your own tracker (${own})`))
  } finally {
    await run('stop')
  }
})
