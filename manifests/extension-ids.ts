/**
 * Which extensions may start the native host: what the browsers' host manifests allow. The Chromium id
 * follows from the public key in extension/manifest.ts (a test compares them). No person holds the private
 * key: unpacked builds get this id, and a published build gets the one of its store, to be added here.
 */
export const chromiumExtensionId = 'nhdaheimgbdlmkbkebhkdolkokeppkmb'
export const firefoxExtensionId = 'activity-tracker@activity-tracker.org'

/** By the form in which browsers name their extensions. A published build adds the id of its store here. */
export const ownExtensions = {
  chromium: [chromiumExtensionId],
  firefox: [firefoxExtensionId],
} as const satisfies Record<'chromium' | 'firefox', readonly string[]>

/**
 * Which browser started the native host, and for an extension of ours; undefined for any other caller. A browser heeds
 * the list in the host's manifest, but a manifest is a file that others write too: another one may name the same
 * program. Chromium passes the extension's origin as the first argument, Firefox the manifest's path and the
 * extension's id.
 */
export function callerOf(args: readonly string[]): keyof typeof ownExtensions | undefined {
  const [first = '', second = ''] = args
  if (ownExtensions.chromium.some(id => first === `chrome-extension://${id}/`)) return 'chromium'
  const isFirefox = !first.includes('://') && ownExtensions.firefox.some(id => second === id)
  return isFirefox ? 'firefox' : undefined
}
