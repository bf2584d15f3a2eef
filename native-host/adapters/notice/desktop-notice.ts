import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { runTool } from '../../platform/process/start-program.ts'
import type { Notice } from '../../privacy/ports.ts'

type Wanted = { text: string; lasting: boolean; replaces: string }
/** `id`: what the program prints of the notification, so that a later one can take its place. */
type Way = { program: string; words(wanted: Wanted): readonly string[]; id: RegExp }

const givenUpAfterMs = 5000
const shownMs = 4000
const app = 'Activity Tracker'
const service = 'org.freedesktop.Notifications'
const path = '/org/freedesktop/Notifications'
const anything = /^/

/**
 * Notifications of the desktop, through its programs in turn; the first that succeeds has done it. What
 * lasts is urgent and has no end: most desktops show it also while they are asked not to disturb. None says whether it
 * did. Windows has none that a script could use.
 */
const ways: Partial<Record<NodeJS.Platform, readonly Way[]>> = {
  linux: [
    {
      program: 'notify-send',
      words: ({ text, lasting, replaces }) => [
        ...[`--app-name=${app}`, '--print-id', `--replace-id=${replaces}`],
        ...[`--urgency=${lasting ? 'critical' : 'low'}`, `--expire-time=${lasting ? 0 : shownMs}`],
        ...['--', app, text],
      ],
      id: /^(\d+)/,
    },
    {
      program: 'busctl',
      words: ({ text, lasting, replaces }) => [
        ...['--user', 'call', service, path, service, 'Notify', 'susssasa{sv}i'],
        ...[app, replaces, '', app, text, '0', '1', 'urgency', 'y', lasting ? '2' : '0'],
        String(lasting ? 0 : shownMs),
      ],
      id: /^u (\d+)/,
    },
    {
      program: 'gdbus',
      words: ({ text, lasting, replaces }) => [
        ...['call', '--session', '--dest', service, '--object-path', path, '--method', `${service}.Notify`],
        // It reads values as its own notation, in which JSON's strings are strings.
        ...[app, replaces, '', app, text].map((value, at) => (at === 1 ? value : JSON.stringify(value))),
        ...['[]', `{"urgency": <byte ${lasting ? 2 : 0}>}`, String(lasting ? 0 : shownMs)],
      ],
      id: /^\(uint32 (\d+)/,
    },
  ],
  darwin: [
    {
      program: 'osascript',
      words: ({ text }) => [
        ...['-e', 'on run {message, heading}', '-e', 'display notification message with title heading'],
        ...['-e', 'end run', text, app],
      ],
      id: anything,
    },
  ],
}

export function desktopNotice(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): Notice {
  return {
    show: async text => (await tell({ text, lasting: false, replaces: '0' })) !== undefined,
    announce: (text, replaces) => tell({ text, lasting: true, replaces: replaces || '0' }),
  }

  async function tell(wanted: Wanted): Promise<string | undefined> {
    if (platform === 'linux' && !hasBus(env)) return undefined
    for (const { program, words, id } of ways[platform] ?? []) {
      const said = await outputOf(program, words(wanted), env)
      if (said !== undefined) return id.exec(said)?.[1] ?? ''
    }
    return undefined
  }
}

/** Where there is none, some of the programs would start one that shows nothing. */
function hasBus({ DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR }: NodeJS.ProcessEnv): boolean {
  return Boolean(DBUS_SESSION_BUS_ADDRESS) || existsSync(join(XDG_RUNTIME_DIR ?? '/nowhere', 'bus'))
}

async function outputOf(
  program: string,
  words: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  try {
    return (await runTool('desktop-tool', program, words, { env, timeout: givenUpAfterMs })).stdout
  } catch {
    // It is not there, or no service on the bus shows notifications.
    return undefined
  }
}
