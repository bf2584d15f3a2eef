import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { consentVersion } from '../../protocol/consent.ts'
import { tapAgent } from '../support/agent-tap.ts'
import { builtProgram } from '../support/built-program.ts'
import { createTrackerHome, filesBelow, type TrackerHome } from '../support/tracker-home.ts'
import { startHere } from './start-outcome.ts'

async function run({ env, root }: TrackerHome, ...words: string[]): Promise<{ out: string; code: string }> {
  const program = ['--no-warnings', builtProgram('cli'), ...words]
  return promisify(execFile)(process.execPath, program, { env, cwd: root }).then(
    ({ stdout }) => ({ out: stdout, code: 'ok' }),
    (error: { stderr: string }) => ({
      out: error.stderr,
      code: /^[A-Z_]+(?=:)/m.exec(error.stderr)?.[0] ?? '',
    }),
  )
}

/** Installed for a browser, and with records. */
async function usedHome(): Promise<TrackerHome> {
  const home = await createTrackerHome()
  await run(home, 'install', '--browser', 'firefox', 'chromium')
  await using agent = await startHere(home)
  assert.equal(agent.refused, undefined)
  using tap = await tapAgent(home.places)
  await tap.ask({ type: 'acknowledge', text_version: consentVersion })
  await tap.ask({ type: 'stop' })
  return home
}

test('gone means gone: everything is listed, and then nothing of it is left', async () => {
  await using home = await usedHome()
  const { places, userHome } = home
  assert.ok((await filesBelow(userHome)).size >= 3, 'two manifests and a command')
  const asked = await run(home, 'uninstall', '--purge')
  assert.equal(asked.code, 'USAGE')
  for (const path of [
    ...readdirSync(places.home).map(name => join(places.home, name)),
    ...(await filesBelow(userHome)).keys(),
  ])
    assert.ok(asked.out.includes(path), `${path} is listed`)
  assert.ok(existsSync(places.stateDb), 'nothing is deleted without an answer')

  assert.equal((await run(home, 'uninstall', '--purge', '--yes')).code, 'ok')
  assert.equal(existsSync(places.home), false)
  assert.deepEqual([...(await filesBelow(userHome)).keys()], [])
})

test('what was never delivered is not deleted by the way, and a folder of others is left alone', async () => {
  await using home = await usedHome()
  const { places } = home
  const target = join(home.root, 'letters')
  mkdirSync(target)
  writeFileSync(join(target, 'letter.txt'), 'dear Anna')
  symlinkSync(target, join(places.quarantine, 'letters'))
  writeFileSync(join(places.home, 'notes.txt'), 'mine')
  writeFileSync(Buffer.concat([Buffer.from(`${places.quarantine}/caf`), Buffer.of(0xe9)]), '')
  writeFileSync(join(places.outbox, 'waits.age'), '')
  assert.equal((await run(home, 'uninstall', '--purge', '--yes')).code, 'UNDELIVERED')
  assert.ok(existsSync(places.stateDb))

  const { code, out } = await run(home, 'uninstall', '--purge', '--yes', '--undelivered')
  assert.equal(code, 'ok', out)
  assert.match(out, /this includes 1 file NEVER UPLOADED/)
  assert.match(out, /stays: notes\.txt/)
  assert.deepEqual(readdirSync(places.home), ['notes.txt'])
  assert.deepEqual(readdirSync(target), ['letter.txt'])
})
