import { nativeHostName } from '../protocol/messages.ts'
import type { BrowserRow } from './browsers.ts'
import { ownExtensions } from './extension-ids.ts'

/**
 * What tells a browser that our extension, and no other, may start `launcher`. Two forms, because a Chromium ignores
 * a manifest without `allowed_origins` and Firefox one without `allowed_extensions`.
 */
export function hostManifest(family: BrowserRow['family'], launcher: string) {
  const common = {
    name: nativeHostName,
    description: 'Activity Tracker: passes messages between its browser extension and the tracker.',
    path: launcher,
    type: 'stdio',
  }
  switch (family) {
    case 'chromium':
      return { ...common, allowed_origins: ownExtensions.chromium.map(id => `chrome-extension://${id}/`) }
    case 'firefox':
      return { ...common, allowed_extensions: ownExtensions.firefox }
    default:
      throw family satisfies never
  }
}
