import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { AppError } from '../protocol/errors.ts'
import { nativeHostName } from '../protocol/messages.ts'
import { chromiumExtensionId, firefoxExtensionId } from './extension-ids.ts'
import type { Desktop } from './find-browsers.ts'
import { installHost, uninstallHost } from './install.ts'

const file = `${nativeHostName}.json`
let home: string

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'install-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

const desktop = (more: Partial<Desktop> = {}): Desktop => ({
  home,
  env: { PATH: join(home, 'bin') },
  platform: 'linux',
  ...more,
})
const launcher = () => join(home, 'tracker', 'bridge')

async function make(path: string, mode = 0o755): Promise<void> {
  await mkdir(dirname(join(home, path)), { recursive: true })
  await writeFile(join(home, path), '#!/bin/sh\n')
  await chmod(join(home, path), mode)
}
const treeOf = async () => (await readdir(home, { recursive: true })).sort()

describe('installHost writes a manifest for a browser', () => {
  const cases: { found: string; make: string; more?: Partial<Desktop>; manifest: string }[] = [
    {
      found: 'whose program is on the PATH',
      make: 'bin/chromium',
      manifest: '.config/chromium/NativeMessagingHosts',
    },
    {
      found: 'that was started before',
      make: '.config/BraveSoftware/Brave-Browser/Local State',
      manifest: '.config/BraveSoftware/Brave-Browser/NativeMessagingHosts',
    },
    {
      found: 'such as Firefox with a profile in the old place',
      make: '.mozilla/firefox/profiles.ini',
      manifest: '.mozilla/native-messaging-hosts',
    },
    {
      found: 'such as Firefox with a profile in the new place, whose hosts are still in the old one',
      make: '.config/mozilla/firefox/profiles.ini',
      manifest: '.mozilla/native-messaging-hosts',
    },
    {
      found: 'on macOS',
      make: 'Library/Application Support/Google/Chrome/Local State',
      more: { platform: 'darwin' },
      manifest: 'Library/Application Support/Google/Chrome/NativeMessagingHosts',
    },
  ]
  for (const row of cases)
    test(row.found, async () => {
      await make(row.make)
      const { written } = await installHost({ ...desktop(row.more), launcher: launcher() })
      assert.deepEqual(
        written.map(({ manifest }) => manifest),
        [join(home, row.manifest, file)],
      )
    })

  test('below XDG_CONFIG_HOME when that is set', async () => {
    await make('bin/google-chrome')
    const env = { PATH: join(home, 'bin'), XDG_CONFIG_HOME: join(home, 'xdg') }
    const { written } = await installHost({ ...desktop({ env }), launcher: launcher() })
    assert.deepEqual(
      written.map(({ manifest }) => manifest),
      [join(home, 'xdg/google-chrome/NativeMessagingHosts', file)],
    )
  })

  test('that was named, found or not', async () => {
    const { written } = await installHost({ ...desktop(), launcher: launcher(), browsers: ['vivaldi'] })
    assert.deepEqual(
      written.map(({ browser }) => browser),
      ['vivaldi'],
    )
  })
})

test('the manifest of Chromium has the origin, that of Firefox the id, of our extension alone', async () => {
  await installHost({ ...desktop(), launcher: launcher(), browsers: ['chromium', 'firefox'] })
  const read = async (path: string) => JSON.parse(await readFile(join(home, path, file), 'utf8'))
  const chromium = await read('.config/chromium/NativeMessagingHosts')
  const firefox = await read('.mozilla/native-messaging-hosts')
  assert.deepEqual(chromium.allowed_origins, [`chrome-extension://${chromiumExtensionId}/`])
  assert.equal(chromium.allowed_extensions, undefined)
  assert.deepEqual(firefox.allowed_extensions, [firefoxExtensionId])
  assert.equal(firefox.allowed_origins, undefined)
  for (const manifest of [chromium, firefox]) {
    assert.equal(manifest.name, nativeHostName)
    assert.equal(manifest.path, launcher())
    assert.equal(manifest.type, 'stdio')
  }
})

test('a program that cannot be executed is no browser', async () => {
  await make('bin/chromium', 0o644)
  await assert.rejects(installHost({ ...desktop(), launcher: launcher() }), withCode('NO_BROWSER'))
})

describe('a sandboxed browser', () => {
  for (const [sandbox, marker] of [
    ['snap', 'snap/firefox/common/x'],
    ['flatpak', '.var/app/org.mozilla.firefox/x'],
  ] as const)
    test(`from a ${sandbox} is named as unreachable`, async () => {
      await make(marker)
      await make('bin/chromium')
      const { written, unreachable } = await installHost({ ...desktop(), launcher: launcher() })
      assert.deepEqual(
        written.map(({ browser }) => browser),
        ['chromium'],
      )
      assert.deepEqual(unreachable, [{ browser: 'firefox', sandbox }])
    })

  test('alone is no browser, and the error says which it is', async () => {
    await make('snap/chromium/current')
    await assert.rejects(
      installHost({ ...desktop(), launcher: launcher() }),
      (error: unknown) =>
        error instanceof AppError && error.code === 'NO_BROWSER' && /Chromium \(snap\)/.test(error.message),
    )
  })
})

test('uninstallHost leaves the home as it was before', async () => {
  await make('bin/chromium')
  await make('.mozilla/firefox/profiles.ini')
  const before = await treeOf()
  await make('tracker/bridge')
  await make('.cache/activity-tracker-demo/chromium/Default/Preferences')
  await installHost({ ...desktop(), launcher: launcher() })
  await installHost({ ...desktop(), launcher: launcher() })
  assert.notDeepEqual(await treeOf(), before)

  const removed = await uninstallHost({ ...desktop(), launcher: launcher() })
  assert.equal(removed.length, 4)
  assert.deepEqual(await treeOf(), before)
  assert.deepEqual(await uninstallHost({ ...desktop(), launcher: launcher() }), [])
})

test('a manifest of another program stays', async () => {
  await make('bin/chromium')
  await make('.config/chromium/NativeMessagingHosts/org.example.json')
  await installHost({ ...desktop(), launcher: launcher() })
  await uninstallHost({ ...desktop(), launcher: launcher() })
  assert.deepEqual(await readdir(join(home, '.config/chromium/NativeMessagingHosts')), ['org.example.json'])
})

test('on Windows the registry is asked through `reg`, once a key', async () => {
  const log = join(home, 'reg.log')
  await make('bin/reg')
  await writeFile(join(home, 'bin/reg'), `#!/bin/sh\necho "$*" >> '${log}'\n`)
  const windows = desktop({ platform: 'win32' })
  // A folder that both path styles name alike, because this test also runs where there is no Windows.
  process.chdir(home)
  const options = { ...windows, launcher: 'bridge.cmd' }
  const { written } = await installHost({ ...options, browsers: ['chrome', 'firefox'] })
  assert.deepEqual(
    written.map(({ registryKey }) => registryKey),
    [
      `HKCU\\Software\\Google\\Chrome\\NativeMessagingHosts\\${nativeHostName}`,
      `HKCU\\Software\\Mozilla\\NativeMessagingHosts\\${nativeHostName}`,
    ],
  )
  await uninstallHost(options)
  process.chdir(tmpdir())
  const lines = (await readFile(log, 'utf8')).trim().split('\n')
  assert.equal(
    lines[0],
    `add HKCU\\Software\\Google\\Chrome\\NativeMessagingHosts\\${nativeHostName} /ve /t REG_SZ /d ` +
      `${nativeHostName}.chromium.json /f`,
  )
  // Chrome, Brave, Vivaldi and Opera share one key.
  assert.equal(lines.filter(line => line.startsWith('delete')).length, 4)
})

function withCode(code: AppError['code']) {
  return (error: unknown) => error instanceof AppError && error.code === code
}
