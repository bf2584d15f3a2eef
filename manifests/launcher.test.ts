import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { lstat, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { AppError } from '../protocol/errors.ts'
import { cmdScript, writeLauncher } from './launcher.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'launcher-'))
  await writeFile(
    join(folder, "it's a program.mjs"),
    'console.log(JSON.stringify([process.argv.slice(2), process.env.TRACKER_TEST ?? null, process.execArgv]))',
  )
})
after(() => rm(folder, { recursive: true, force: true }))

describe('the launcher of a Unix system', { skip: process.platform === 'win32' }, () => {
  const path = () => join(folder, 'deep', 'bridge')
  const write = () =>
    writeLauncher({
      path: path(),
      platform: 'linux',
      command: [process.execPath, '--no-warnings', join(folder, "it's a program.mjs")],
      env: { TRACKER_TEST: "a 'quoted' $HOME" },
    })
  // No PATH, as from a desktop.
  const run = async (env: Record<string, string>) => {
    const { stdout } = await promisify(execFile)(path(), ['chrome-extension://x/', 'two words'], { env })
    return JSON.parse(stdout)
  }

  test('starts the program with flags and arguments, whatever its path and without a PATH', async () => {
    await write()
    assert.deepEqual(await run({}), [
      ['chrome-extension://x/', 'two words'],
      "a 'quoted' $HOME",
      ['--no-warnings'],
    ])
  })

  test('leaves a variable alone that the browser was started with', async () => {
    await write()
    assert.equal((await run({ TRACKER_TEST: 'mine' }))[1], 'mine')
  })

  test('can be written again and leaves no drafts behind', async () => {
    await write()
    await write()
    assert.deepEqual(await readdir(join(folder, 'deep')), ['bridge'])
  })

  for (const umask of [0o000, 0o777])
    test(`has its own modes under the umask ${umask.toString(8)}, and leaves what a link leads to alone`, async () => {
      const file = join(folder, `umask-${umask}`, 'deep', 'bridge')
      const before = process.umask(umask)
      try {
        await writeLauncher({ path: file, platform: 'linux', command: ['x'], env: {} })
        await symlink(join(folder, 'letter'), `${file}.${process.pid}.new`)
        await writeLauncher({ path: file, platform: 'linux', command: ['y'], env: {} })
      } finally {
        process.umask(before)
      }
      const modes = await Promise.all(
        [file, dirname(file)].map(async path => (await lstat(path)).mode & 0o777),
      )
      assert.deepEqual(modes, [0o755, 0o700])
      assert.deepEqual(await readdir(dirname(file)), ['bridge'])
      assert.equal((await readdir(folder)).includes('letter'), false)
    })

  test('says which place cannot be written', async () => {
    await assert.rejects(
      writeLauncher({ path: '/dev/null/bridge', platform: 'linux', command: ['x'], env: {} }),
      (error: unknown) =>
        error instanceof AppError &&
        error.code === 'STORE_NOT_WRITABLE' &&
        error.detail === '/dev/null/bridge',
    )
  })
})

test('the launcher of Windows quotes its words and doubles percent signs', () => {
  assert.equal(
    cmdScript({ command: ['C:\\100% node\\node.exe', 'C:\\bridge.js'], env: { TRACKER_TEST: 'D:\\t' } }),
    '@echo off\r\nif not defined TRACKER_TEST set "TRACKER_TEST=D:\\t"\r\n' +
      '"C:\\100%% node\\node.exe" "C:\\bridge.js" %*\r\n',
  )
})
