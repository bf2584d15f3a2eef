import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { atExit } from './at-exit.ts'
import { waitFor } from './wait-for.ts'

const run = promisify(execFile)

/**
 * A Wayland session without a screen: sway, which as root runs as the user `nobody`, because it refuses to be
 * root.
 */
export type WaylandSession = AsyncDisposable & {
  env: { XDG_RUNTIME_DIR: string; WAYLAND_DISPLAY: string; XDG_SESSION_TYPE: string }
  /** A command of sway, see sway(5). */
  tell(...words: string[]): Promise<void>
  /** Ends it and leaves its folder, as a desktop that crashes. */
  crash(): Promise<void>
  /** Moves the pointer, as a person does. */
  moveMouse(): Promise<void>
}

const nobody = 65_534

export async function startWaylandSession(): Promise<WaylandSession> {
  const folder = await mkdtemp(join(tmpdir(), 'at-sway-'))
  const isRoot = process.getuid?.() === 0
  if (isRoot) await chown(folder, nobody, nobody)
  const config = join(folder, 'config')
  await writeFile(config, 'output HEADLESS-1 resolution 1280x720 position 0 0\nxwayland disable\n', {
    mode: 0o644,
  })
  const demoted = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups']
  const [program = 'sway', ...words] = [...(isRoot ? demoted : []), 'sway', '--config', config]
  const sway = spawn(program, words, {
    cwd: folder,
    stdio: 'ignore',
    env: {
      PATH: '/usr/bin:/bin',
      HOME: folder,
      XDG_RUNTIME_DIR: folder,
      WLR_BACKENDS: 'headless',
      WLR_RENDERER: 'pixman',
      WLR_LIBINPUT_NO_DEVICES: '1',
    },
  })
  const killNow = () => sway.kill('SIGKILL')
  const forget = atExit(killNow)
  const fileNamed = (pattern: RegExp) =>
    waitFor(`sway to have ${pattern}`, async () => (await readdir(folder)).find(name => pattern.test(name)), {
      hope: () => sway.exitCode === null,
    })
  const crash = async () => {
    forget()
    if (sway.exitCode === null && sway.signalCode === null) {
      const gone = once(sway, 'exit')
      killNow()
      await gone
    }
  }
  const stop = async () => {
    await crash()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const display = await fileNamed(/^wayland-\d+$/)
    const control = join(folder, await fileNamed(/^sway-ipc\..*\.sock$/))
    const tell = async (...words: string[]) => {
      await run('swaymsg', ['--socket', control, ...words])
    }
    return {
      env: { XDG_RUNTIME_DIR: folder, WAYLAND_DISPLAY: join(folder, display), XDG_SESSION_TYPE: 'wayland' },
      tell,
      crash,
      moveMouse: () => tell('seat', 'seat0', 'cursor', 'move', '5', '5'),
      [Symbol.asyncDispose]: stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
