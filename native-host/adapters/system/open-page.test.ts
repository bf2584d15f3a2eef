import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openPage } from './open-page.ts'

/** A desktop whose `xdg-open` is this shell script. */
async function desktop(script: string | undefined) {
  const folder = await mkdtemp(join(tmpdir(), 'at-open-page-'))
  if (script !== undefined)
    await writeFile(join(folder, 'xdg-open'), `#!/bin/sh\n${script}\n`, { mode: 0o700 })
  return {
    folder,
    env: { PATH: folder, HOME: folder, AWS_SECRET_ACCESS_KEY: 'not for browsers' },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

test('a page is given to the program of the desktop, without secrets', async () => {
  await using set = await desktop('echo "$1 $AWS_SECRET_ACCESS_KEY" >"$HOME/opened"')
  assert.equal(await openPage('/a folder/report.html', set.env, 'linux'), true)
  assert.equal(await readFile(join(set.folder, 'opened'), 'utf8'), '/a folder/report.html \n')
})

test('a program that ends badly has not taken it', async () => {
  await using set = await desktop('exit 3')
  assert.equal(await openPage('/report.html', set.env, 'linux'), false)
})

test('without such a program no page is opened', async () => {
  await using set = await desktop(undefined)
  assert.equal(await openPage('/report.html', set.env, 'linux'), false)
  assert.equal(await openPage('/report.html', set.env, 'aix'), false)
})
