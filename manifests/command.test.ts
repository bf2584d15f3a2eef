import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { installCommand, uninstallCommand } from './command.ts'
import type { Desktop } from './find-browsers.ts'

const command = ['/opt/node', '/opt/tracker/cli.js']

async function somebody(t: TestContext, env: NodeJS.ProcessEnv = {}) {
  const home = await mkdtemp(join(tmpdir(), 'at-command-'))
  t.after(() => rm(home, { recursive: true }))
  const desktop: Desktop = { home, env, platform: 'linux' }
  return { desktop, path: join(home, '.local', 'bin', 'activity-tracker') }
}

test('the command starts our command line, and goes again', async t => {
  const { desktop, path } = await somebody(t)
  assert.deepEqual(await installCommand(desktop, command, {}, []), { path, onPath: false })
  assert.match(await readFile(path, 'utf8'), /^exec '\/opt\/node' '\/opt\/tracker\/cli\.js' "\$@"$/m)
  assert.equal(await uninstallCommand(desktop), path)
  await assert.rejects(readFile(path))
})

test('installed again from another place, it starts the new one', async t => {
  const { desktop, path } = await somebody(t)
  await installCommand(desktop, command, {}, [])
  await installCommand(desktop, ['/new/node', '/new/cli.js'], {}, [])
  assert.match(await readFile(path, 'utf8'), /\/new\/cli\.js/)
})

test('says whether a terminal finds it', async t => {
  const { desktop, path } = await somebody(t)
  desktop.env.PATH = `/usr/bin:${dirname(path)}`
  assert.equal((await installCommand(desktop, command, {}, []))?.onPath, true)
})

test('a command of another program is left alone, in both directions', async t => {
  const { desktop, path } = await somebody(t)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, '#!/bin/sh\necho another tracker\n')
  assert.equal(await installCommand(desktop, command, {}, []), undefined)
  assert.equal(await uninstallCommand(desktop), undefined)
  assert.match(await readFile(path, 'utf8'), /another tracker/)
})

test('on Windows there is none', async t => {
  const { desktop } = await somebody(t)
  assert.equal(await installCommand({ ...desktop, platform: 'win32' }, command, {}, []), undefined)
})
