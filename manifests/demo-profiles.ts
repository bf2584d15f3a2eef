import { posix, win32 } from 'node:path'
import type { Desktop } from './find-browsers.ts'

/**
 * Where `npm start` keeps the profiles of the browsers that it opens, so that the person's own are never touched.
 * It can be deleted at any time, and `uninstall` does.
 */
export function demoProfiles({ home, env, platform }: Desktop): string {
  switch (platform) {
    case 'win32':
      return win32.join(env.LOCALAPPDATA || win32.join(home, 'AppData', 'Local'), 'activity-tracker-demo')
    case 'darwin':
      return posix.join(home, 'Library', 'Caches', 'activity-tracker-demo')
    default:
      return posix.join(env.XDG_CACHE_HOME || posix.join(home, '.cache'), 'activity-tracker-demo')
  }
}
