import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { type Stage, startScenario, startTracking } from '../support/scenario.ts'
import { waitFor } from '../support/wait-for.ts'
import { titlesOn } from '../support/window-titles.ts'

const run = promisify(execFile)
const page = (title: string) => `data:text/html,<title>${title}</title>`

test('chromium: only windows that the extension of their own profile knows as ordinary are sharp', async t => {
  await using stage = await startScenario({ width: 1400, height: 900 })
  const browser = await stage.launch('chromium', { window: 'on-display' })
  for (const [setting, value] of [
    ['blur_screenshots', 'false'],
    ['screenshot_interval', '3600'],
  ] as const)
    assert.equal((await stage.cli('settings', 'set', setting, value)).exit, 0)
  await startTracking(stage, browser)

  const blurredFor = async (): Promise<string[]> => {
    const { exit, stdout, stderr } = await stage.cli('--json', 'screenshot')
    assert.equal(exit, 0, stderr)
    const { blurred }: { blurred: { reason: string }[] } = JSON.parse(stdout)
    return blurred.map(({ reason }) => reason)
  }

  await t.test(
    'an ordinary window is sharp, without the extension being allowed in private ones',
    async () => {
      assert.deepEqual(await blurredFor(), [])
    },
  )

  await t.test('and so it is where it was moved to, and at another size', async () => {
    const id = await windowTitled(stage, 'Activity Tracker')
    await run('xdotool', ['windowmove', id, '117', '64'], { env: stage.env })
    await run('xdotool', ['windowsize', id, '801', '603'], { env: stage.env })
    await waitFor('it to be sharp', async () => (await blurredFor()).length === 0)
  })

  await t.test('beside it a window of another profile, without the extension, is not', async () => {
    const profile = join(stage.home.root, 'other-profile')
    await using _ = await openChromium(stage, profile, ['--window-position=300,200', page('another')])
    await windowTitled(stage, 'another')
    assert.deepEqual(await blurredFor(), ['browser-unmatched'])
  })

  await t.test('when that has gone, it is sharp again', async () => {
    await waitFor('the other to go', async () => !(await titlesOn(stage.env)).some(isOther))
    assert.deepEqual(await blurredFor(), [])
  })

  await t.test('beside it a private window of the same profile is not', async () => {
    const profile = join(stage.home.userHome, '.config', 'chromium')
    await using _ = await openChromium(stage, profile, ['--incognito', page('another')])
    await windowTitled(stage, 'another')
    assert.deepEqual(await blurredFor(), ['browser-unmatched'])
  })
})

const isOther = (title: string) => title.includes('another')

async function openChromium({ env }: Stage, profile: string, words: string[]) {
  const all = ['--no-sandbox', '--no-first-run', '--disable-sync', `--user-data-dir=${profile}`, ...words]
  const chromium = spawn('/usr/bin/chromium', all, { env, stdio: 'ignore' })
  const gone = once(chromium, 'exit')
  return {
    async [Symbol.asyncDispose]() {
      chromium.kill()
      await gone
    },
  }
}

/** Its number on the display. */
async function windowTitled({ env }: Stage, words: string): Promise<string> {
  return waitFor(
    `a window titled ${words}`,
    async () => {
      const search = run('xdotool', ['search', '--onlyvisible', '--name', words], { env })
      const { stdout } = await search.catch(() => ({ stdout: '' }))
      return stdout.split('\n')[0] || undefined
    },
    { withinMs: 40_000, seen: () => titlesOn(env) },
  )
}
