import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { chromiumExtensionId } from '../../manifests/extension-ids.ts'
import { errorRows } from '../../protocol/errors.ts'
import { createFrameDecoder, maxBytesOut } from '../../protocol/framing.ts'
import { builtProgram } from '../support/built-program.ts'
import { createTrackerHome } from '../support/tracker-home.ts'
import { startHere } from './start-outcome.ts'

/** A user whom the system does not list, so that HOME is the account's: the real account of who runs this is left alone. */
const uid = 54321
const user = ['setpriv', '--reuid', String(uid), '--regid', String(uid), '--clear-groups']

/** A shell of that user, in which the variable names another folder than the account's. */
async function openShell() {
  const home = await createTrackerHome()
  // As a test it was made a second tracker's already.
  rmSync(home.places.home, { recursive: true })
  chmodSync(home.root, 0o755)
  await promisify(execFile)('chown', ['-R', String(uid), home.root])
  const { ACTIVITY_TRACKER_HOME: other = '', ...env } = home.env
  const runIn =
    (env: NodeJS.ProcessEnv, program: 'cli' | 'bridge' = 'cli') =>
    async (...words: string[]) =>
      promisify(execFile)(
        'setpriv',
        [...user.slice(1), process.execPath, '--no-warnings', builtProgram(program), ...words],
        { env, cwd: '/', encoding: 'buffer' },
      ).then(
        ({ stdout, stderr }) => ({ stdout, said: `${stdout}${stderr}`, code: 0 }),
        ({ stdout, stderr, code }) => ({ stdout, said: `${stdout}${stderr}`, code }),
      )
  return {
    ...{ home, other },
    own: join(home.userHome, '.local', 'share', 'activity-tracker'),
    withVariable: runIn(home.env),
    without: runIn(env),
    bridge: runIn(home.env, 'bridge'),
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  }
}

const asRoot = { skip: process.getuid?.() !== 0 && 'needs root' }
const commands = [
  ['start', '--acknowledge'],
  ['stop'],
  ['status'],
  ['doctor'],
  ['install', '--browser', 'chromium'],
  ['keys', 'new'],
  ['settings', 'set', 'screenshots', 'off'],
  ['credentials', 'set', '--file'],
  ['uninstall', '--purge', '--yes'],
]

for (const first of ['which has its own', 'which has none yet'] as const)
  test(`a variable of one shell makes no second tracker for an account ${first}`, asRoot, async () => {
    await using shell = await openShell()
    const { own, other, home } = shell
    if (first === 'which has its own') assert.equal((await shell.without('start', '--acknowledge')).code, 0)
    try {
      // Together, as that takes less time.
      for (const { words, said, code } of await Promise.all(
        commands.map(async words => ({ words, ...(await shell.withVariable(...words)) })),
      )) {
        assert.ok(said.startsWith('SECOND_TRACKER: '), `${words.join(' ')}: ${said}`)
        assert.ok(said.includes(`it names ${other}, and yours is ${own}`), said)
        assert.ok(said.includes('activity-tracker separate FOLDER'), said)
        assert.equal(code, errorRows.SECOND_TRACKER.exit)
      }
      await using agent = await startHere(home, { user })
      assert.equal(agent.refused?.code, 'SECOND_TRACKER')
      const { stdout } = await shell.bridge(`chrome-extension://${chromiumExtensionId}/`)
      assert.partialDeepStrictEqual(
        [...createFrameDecoder(maxBytesOut).push(stdout)],
        [{ type: 'refused', problem: { code: 'SECOND_TRACKER' } }],
      )
      assert.equal(existsSync(other), false, 'nothing was made there')
      assert.equal(existsSync(join(home.userHome, '.local', 'bin')), false, 'nor installed')
      assert.equal((await shell.withVariable('help', 'start')).code, 0)
      assert.equal((await shell.withVariable('start', '--help')).code, 0)
    } finally {
      await shell.without('stop')
    }
  })

test(
  'a copy of the account’s tracker is none, and neither is a folder that an earlier release used',
  asRoot,
  async () => {
    await using shell = await openShell()
    await shell.without('keys', 'new')
    await promisify(execFile)('cp', ['-a', shell.own, shell.other])
    const { said } = await shell.withVariable('start', '--acknowledge')
    assert.ok(said.startsWith('SECOND_TRACKER: '), said)
  },
)

test('one that the person asked for works, and says beside which it is', asRoot, async () => {
  await using shell = await openShell()
  const { own, other } = shell
  await shell.without('keys', 'new')
  mkdirSync(own, { recursive: true })
  writeFileSync(join(own, 'state.db'), '', { mode: 0o600 })
  await promisify(execFile)('chown', ['-R', String(uid), own])
  const made = await shell.withVariable('separate', other)
  assert.equal(made.code, 0, made.said)
  assert.ok(made.said.includes(own), made.said)
  const asked = await shell.withVariable('start')
  assert.match(asked.said, /^This is not your account’s usual tracker/m, 'before anyone agrees')
  try {
    const started = await shell.withVariable('start', '--acknowledge')
    assert.match(started.said, /ANOTHER_TRACKER/)
    const { stdout } = await shell.withVariable('status', '--json')
    assert.equal(JSON.parse(stdout.toString()).agent.own_home, own)
    assert.ok((await shell.withVariable('doctor')).said.includes(`not your own tracker (${own})`))
  } finally {
    await shell.withVariable('stop')
  }
})
