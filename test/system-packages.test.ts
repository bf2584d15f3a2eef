import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import packageFile from '../package.json' with { type: 'json' }

/** What the first command of a script installs on a computer that has none of the packages. */
async function installedBy(script: 'demo' | 'test'): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'at-packages-'))
  try {
    const said = join(folder, 'said')
    await writeFile(join(folder, 'dpkg-query'), '#!/bin/sh\n', { mode: 0o755 })
    await writeFile(join(folder, 'apt-get'), `#!/bin/sh\necho "$@" >> ${said}\n`, { mode: 0o755 })
    const [, ...words] = packageFile.scripts[script].split(' && ')[0]?.split(' ') ?? []
    const { stderr } = spawnSync(process.execPath, words, {
      cwd: join(import.meta.dirname, '..'),
      env: { PATH: folder },
      encoding: 'utf8',
    })
    // A user who may not install anything reads the command instead.
    const command = await readFile(said, 'utf8').catch(() => stderr)
    return command.match(/install .*/)?.[0].split(' ') ?? []
  } finally {
    await rm(folder, { recursive: true })
  }
}

test('the demo installs what it needs and nothing that only tests need', async () => {
  const installed = await installedBy('demo')
  for (const needed of ['xvfb', 'chromium', 'age']) assert.ok(installed.includes(needed), needed)
  for (const name of ['firefox-esr', 'squid', 'sway', 'gnome-keyring', 'radosgw', 'ceph-mon', 'ceph-osd'])
    assert.ok(!installed.includes(name), name)
})

test('the tests install everything that they need', async () => {
  const installed = await installedBy('test')
  for (const name of ['xvfb', 'firefox-esr', 'squid', 'radosgw']) assert.ok(installed.includes(name), name)
})
