import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, mkdtempDisposable, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { startVirtualDisplay } from '../support/virtual-display.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..', '..')

test('`npm ci --ignore-scripts` alone gives a build that works, on the runtime of the lockfile', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'fresh-'))
  const { stdout: files } = await run(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    {
      cwd: root,
    },
  )
  for (const file of files.split('\0').filter(Boolean))
    await cp(join(root, file), join(folder.path, file), { recursive: true }).catch(unlessGone)
  const npm = (...words: string[]) => run('npm', words, { cwd: folder.path, maxBuffer: 64 * 1024 * 1024 })
  await npm('ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund')
  await npm('run', '--silent', 'build')
  const program = join(folder.path, 'dist', 'native-host', 'activity-tracker')
  assert.match(await readFile(program, 'utf8'), /node_modules\/node-[\w-]+\/bin\/node'/)
  const { stdout: version } = await run(program, ['--version'])
  assert.match(version, /^\d+\.\d+\.\d+\n$/)
  // What is compiled is there, too; one of them looks for a display when it is loaded.
  await using display = await startVirtualDisplay()
  for (const name of ['sharp', '@napi-rs/keyring', 'uiohook-napi'])
    await run(join(folder.path, 'node_modules', '.bin', 'node'), ['-e', `require('${name}')`], {
      cwd: folder.path,
      env: display.env,
    })
})

/** Deleted, and not committed yet. */
function unlessGone(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
}
