import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
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
      keep: ['HOME', 'TRACKER_KEPT', 'Program(x86)'],
    })
  // No PATH, as from a desktop.
  const run = async (env: Record<string, string>) => {
    const { stdout } = await promisify(execFile)(path(), ['chrome-extension://x/', 'two words'], { env })
    return JSON.parse(stdout)
  }

  test('starts the program with flags and arguments, at any path and without a PATH', async () => {
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

  test('hands on what is on the list, and nothing else, in any shell', async () => {
    await write()
    const program = join(folder, "it's a program.mjs")
    await writeFile(program, 'console.log(JSON.stringify([process.env, process.debugPort]))')
    const kept = { HOME: 'a\nNODE_PATH=/b *', TRACKER_KEPT: '' }
    const hostile = {
      NODE_OPTIONS: '--inspect=127.0.0.1:0 --title=hostile',
      NODE_EXTRA_CA_CERTS: '/x',
      LD_PRELOAD: '/no/such/library.so',
      SECRET: 'line\none=two\nHOME=elsewhere',
      'BASH_FUNC_x%%': '() { echo x; }',
      SHELLOPTS: 'posix',
      'not-a-name': 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
      IFS: 'E',
      line: 'x',
      name: 'x',
    }
    for (const shell of ['/bin/dash', '/bin/bash'].filter(existsSync)) {
      const { stdout, stderr } = await promisify(execFile)(shell, [path()], { env: { ...kept, ...hostile } })
      assert.doesNotMatch(stderr, /Debugger/)
      const [env] = JSON.parse(stdout)
      const names = Object.keys(env).filter(
        name => /^[A-Za-z]\w*$/.test(name) && !['PWD', 'OLDPWD', 'SHLVL'].includes(name),
      )
      assert.deepEqual(
        names.filter(name => name !== 'SHELLOPTS').sort(),
        ['HOME', 'TRACKER_KEPT', 'TRACKER_TEST'],
        shell,
      )
      assert.equal(env.HOME, kept.HOME)
    }
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
        await writeLauncher({ path: file, platform: 'linux', command: ['x'], env: {}, keep: [] })
        await symlink(join(folder, 'letter'), `${file}.${process.pid}.new`)
        await writeLauncher({ path: file, platform: 'linux', command: ['y'], env: {}, keep: [] })
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
      writeLauncher({ path: '/dev/null/bridge', platform: 'linux', command: ['x'], env: {}, keep: [] }),
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
    `@echo off\r\nfor /f "delims==" %%v in ('set NODE_ 2^>nul') do set "%%v="\r\n` +
      'if not defined TRACKER_TEST set "TRACKER_TEST=D:\\t"\r\n' +
      '"C:\\100%% node\\node.exe" "C:\\bridge.js" %*\r\n',
  )
})
