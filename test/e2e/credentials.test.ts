import assert from 'node:assert/strict'
import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createCanary, pathsWithCanary } from '../support/canary.ts'
import { startAgent, startScenario } from '../support/scenario.ts'

const keyId = createCanary('AKIAQUOKKAZEPHYRUS01')
const secret = createCanary('wJalrZEPHYRUSquokkaK7MDENGbPxRfiCYcanary')
const canaries = [keyId, secret]

test('credentials of an imported config.txt are kept in one file, and shown nowhere', async () => {
  await using stage = await startScenario()
  const { home, credentials } = stage.home.places
  const file = join(stage.home.root, 'config.txt')
  await writeFile(
    file,
    `[settings]
screenshot_interval = 120 # seconds
blur_screenshots = True
bucket_name =
aws_access_key_id = ${keyId.word}
aws_secret_access_key = ${secret.word}
`,
  )
  await startAgent(stage)
  using tap = await stage.tap()
  const said = await stage.cli('import', file)
  assert.equal(said.exit, 0, said.stderr)
  const status = await stage.cli('status', '--json')
  const settings = await stage.cli('settings', 'get', '--json')
  assert.match(settings.stdout, /120/)

  assert.deepEqual(await pathsWithCanary(home, canaries), [credentials])
  assert.equal((await stat(credentials)).mode & 0o777, 0o600)
  for (const { stdout, stderr } of [said, status, settings])
    assert.deepEqual(
      canaries.filter(canary => canary.findIn(Buffer.from(stdout + stderr))),
      [],
    )
  assert.deepEqual(
    canaries.filter(canary => canary.findIn(tap.bytes())),
    [],
  )
})
