import { firefoxExtensionId } from '../manifests/extension-ids.ts'
import { optionsPage, popupPage } from './pages.ts'
import { text } from './text/catalogue.ts'

export type BrowserFamily = 'chromium' | 'firefox'

/** Fixes the id of unpacked builds, so that the native host can name the extension that may start it. */
export const chromiumPublicKey =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAoetKqT2+NtjyhLVgixfdcwUuxT2C5q1L7wnOaw8DA0cNQ6m4a0sgA1nEGas1mMn+EkUikDzm9gH2C6aFIAsyl214437SM4QQKbeD2I5admxgFUUZhZ4ac5AtgNkz78+VQhlsPeY2H5wyJofbIner/LgkNy2zGLaKJFf1t+lEeIvEUzuRCUgCb07dqOSCazJzIjgzzyNuI1Q2WuY8bRrD+1rQ+oi9k8ZBGUNP33Aury5bbvTO79dgGYbVFY6gb6W9eO2HuXErIsClX1u3BrExBg5LSqj9yyMMdqNS+gg2r/Du1onarWS5VFt66+l0tRBdYgRWSmgv66vs30S99IqKcwIDAQAB'

/** docs and tests compare with these: nothing else may be asked for. */
export const permissions = ['nativeMessaging', 'storage', 'alarms']

/** Pages load nothing but their own files and can reach no address at all. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const iconSizes = [16, 32, 48, 128]
const icons = (name: string) => Object.fromEntries(iconSizes.map(size => [size, `icons/${name}-${size}.png`]))

export function manifestFor(family: BrowserFamily, version: string) {
  return {
    manifest_version: 3,
    name: text.appName,
    version,
    description: text.manifest.description,
    icons: icons('tracking'),
    action: { default_title: text.appName, default_popup: popupPage, default_icon: icons('resting') },
    options_ui: { page: optionsPage, open_in_tab: true },
    permissions,
    content_security_policy: { extension_pages: contentSecurityPolicy },
    ...familyParts[family],
  }
}

const familyParts = {
  chromium: {
    key: chromiumPublicKey,
    // The first with Temporal.
    minimum_chrome_version: '144',
    background: { service_worker: 'background/main.ts', type: 'module' },
  },
  firefox: {
    background: { scripts: ['background/main.ts'], type: 'module' },
    browser_specific_settings: {
      gecko: {
        id: firefoxExtensionId,
        strict_min_version: '142.0',
        // The extension itself reads nothing of any page. But the program that it starts counts keys and clicks,
        // also on websites, and its screenshots show them: who installs the one should hear of the other.
        data_collection_permissions: { required: ['websiteActivity', 'websiteContent'] },
      },
    },
  },
}
