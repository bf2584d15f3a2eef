import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { test } from 'node:test'
import { runCli } from '../support/run-cli.ts'
import { createTrackerHome } from '../support/tracker-home.ts'

/** Inputs that are made to be more than a program can hold, each tried on the programs as they are installed. */

test('20,000 unknown names in config.json: status says so in a few lines, and stop stops', async () => {
  await using home = await createTrackerHome()
  await mkdir(home.places.home, { mode: 0o700 })
  const names = Array.from({ length: 20_000 }, (_, n) => [`unknown_name_${n}_${'x'.repeat(20)}`, n])
  await writeFile(home.places.config, JSON.stringify(Object.fromEntries(names)), { mode: 0o600 })
  const cli = (...words: string[]) => runCli(words, { env: home.env })

  const started = await cli('start', '--acknowledge')
  assert.equal(started.exit, 0, started.stderr)
  const status = await cli('status')
  assert.equal(status.exit, 0, status.stderr)
  assert.ok(status.stdout.length < 10_000, `${status.stdout.length} characters`)
  assert.match(status.stdout, /SETTING_UNKNOWN.*\n {2}19980 more in config.json/)
  assert.match(status.stdout, /Not shown, because there are too many: \d+ of notices/)
  const stopped = await cli('stop')
  assert.equal(stopped.exit, 0, stopped.stderr)
})
