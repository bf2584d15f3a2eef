import type { Notice } from '../../ports.ts'
import { runTool } from '../base/start-program.ts'

type Command = readonly [program: string, ...words: string[]]

const givenUpAfterMs = 5000
const shownMs = 4000
const app = 'Activity Tracker'

/**
 * Notifications of the desktop, through whichever of its programs is there; the first that succeeds has done it. Windows
 * has none that a script could use.
 */
const commands: Partial<Record<NodeJS.Platform, (text: string) => readonly Command[]>> = {
  linux: text => [
    ['notify-send', `--app-name=${app}`, '--urgency=low', `--expire-time=${shownMs}`, app, text],
    [
      'gdbus',
      'call',
      '--session',
      ...['--dest', 'org.freedesktop.Notifications'],
      ...['--object-path', '/org/freedesktop/Notifications'],
      ...['--method', 'org.freedesktop.Notifications.Notify'],
      ...[`'${app}'`, '0', "''", `'${app}'`, `'${text}'`, '[]', "{'urgency': <byte 0>}", String(shownMs)],
    ],
  ],
  darwin: text => [['osascript', '-e', `display notification "${text}" with title "${app}"`]],
}

export function desktopNotice(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): Notice {
  return {
    async show(text) {
      for (const [program, ...words] of commands[platform]?.(text) ?? [])
        if (await succeeds(program, words, env)) return true
      return false
    },
  }
}

async function succeeds(program: string, words: string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    await runTool('desktop-tool', program, words, { env, timeout: givenUpAfterMs })
    return true
  } catch {
    // It is not there, or nobody on the bus shows notifications.
    return false
  }
}
