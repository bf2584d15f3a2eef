import { createHash } from 'node:crypto'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/**
 * Where everything of one user lies: one folder, so that a backup or an uninstall is one folder too.
 * Linux follows the XDG base directories; the folder is 0700 and so is everything in it.
 */
export type Places = {
  home: string
  config: string
  credentials: string
  recipients: string
  identity: string
  /** The public keys that were confirmed last. */
  confirmedKeys: string
  /** Makes this folder a second tracker's (separate-tracker.ts). */
  separateMark: string
  stateDb: string
  lockDb: string
  /** What is counted and not in the database yet. */
  unstored: string
  outbox: string
  /** Screenshots that are not on their way yet. */
  held: string
  quarantine: string
  /** Signs the chain of records; its public key is in them. */
  deviceKey: string
  /** The default destination while neither a folder nor a bucket is set. */
  delivered: string
  /** What reports keep of the objects that they read, decrypted. */
  reportCache: string
  log: string
  /** A path on Unix, a pipe name on Windows. */
  socket: string
  /** By which the user's programs know each other on the socket. */
  token: string
}

/** As this environment says it. Programs ask `findPlaces`, which asks the account. */
export function placesOf(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): Places {
  const home = env.ACTIVITY_TRACKER_HOME || join(dataHome(env, platform), folderName(platform))
  return {
    home,
    config: join(home, 'config.json'),
    credentials: join(home, 'credentials'),
    recipients: join(home, 'recipients.txt'),
    identity: join(home, 'identity.txt'),
    confirmedKeys: join(home, 'confirmed-keys.json'),
    separateMark: join(home, 'separate-tracker'),
    stateDb: join(home, 'state.db'),
    lockDb: join(home, 'lock.db'),
    deviceKey: join(home, 'device-key.pem'),
    unstored: join(home, 'unstored-counts'),
    outbox: join(home, 'outbox'),
    held: join(home, 'held'),
    quarantine: join(home, 'quarantine'),
    delivered: join(home, 'delivered'),
    reportCache: join(home, 'report-cache.db'),
    log: join(home, 'log', 'agent.log'),
    socket: socketOf(home, platform),
    token: join(home, 'token'),
  }
}

function dataHome(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const user = env.HOME || homedir()
  switch (platform) {
    case 'darwin':
      return join(user, 'Library', 'Application Support')
    case 'win32':
      return env.LOCALAPPDATA || join(user, 'AppData', 'Local')
    default:
      // The specification says to ignore a relative path.
      return env.XDG_DATA_HOME && isAbsolute(env.XDG_DATA_HOME)
        ? env.XDG_DATA_HOME
        : join(user, '.local', 'share')
  }
}

/** What reports keep on a computer without a tracker: a cache of the user’s. */
export function loneReportCache(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): string {
  const user = env.HOME || homedir()
  const name = join(folderName(platform), 'report-cache.db')
  switch (platform) {
    case 'darwin':
      return join(user, 'Library', 'Caches', name)
    case 'win32':
      return join(env.LOCALAPPDATA || join(user, 'AppData', 'Local'), 'Cache', name)
    default:
      return join(user, '.cache', name)
  }
}

function folderName(platform: NodeJS.Platform): string {
  return platform === 'win32' || platform === 'darwin' ? 'Activity Tracker' : 'activity-tracker'
}

/** Always in the tracker's own folder, where no other user can be first: short-path.ts reaches it however long its path is. */
function socketOf(home: string, platform: NodeJS.Platform): string {
  if (platform !== 'win32') return join(home, 'run', 'agent.sock')
  const tag = createHash('sha256').update(home).digest('hex').slice(0, 16)
  return `\\\\.\\pipe\\activity-tracker-${tag}`
}
