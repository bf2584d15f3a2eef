import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { chromiumExtensionId } from '../manifests/extension-ids.ts'
import { type BrowserFamily, chromiumPublicKey, manifestFor } from './manifest.ts'
import { welcomePage } from './pages.ts'

const families: BrowserFamily[] = ['chromium', 'firefox']

test('the Chromium id is the one that the public key gives', () => {
  const digest = createHash('sha256').update(Buffer.from(chromiumPublicKey, 'base64')).digest('hex')
  const id = digest.slice(0, 32).replace(/./g, digit => 'abcdefghijklmnop'.charAt(Number.parseInt(digit, 16)))
  assert.equal(id, chromiumExtensionId)
})

for (const family of families) {
  test(`${family}: asks for three permissions and for no website`, () => {
    const manifest: Record<string, unknown> = manifestFor(family, '1.2.3')
    assert.deepEqual(manifest.permissions, ['nativeMessaging', 'storage', 'alarms'])
    for (const key of [
      'host_permissions',
      'optional_permissions',
      'content_scripts',
      'externally_connectable',
    ])
      assert.equal(key in manifest, false, key)
  })

  test(`${family}: its pages can load nothing from elsewhere`, () => {
    const policy = manifestFor(family, '1.2.3').content_security_policy.extension_pages
    assert.match(policy, /default-src 'none'/)
    assert.doesNotMatch(policy, /https?:|\*|unsafe|data:|blob:/)
  })

  test(`${family}: every file that it names exists`, () => {
    const manifest = manifestFor(family, '1.2.3')
    const files = [
      ...Object.values(manifest.icons),
      ...Object.values(manifest.action.default_icon),
      manifest.action.default_popup,
      manifest.options_ui.page,
      welcomePage,
    ]
    for (const file of files)
      assert.ok(
        [file, `public/${file}`].some(path => existsSync(new URL(path, import.meta.url))),
        file,
      )
  })
}
