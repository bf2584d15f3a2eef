import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { atExit } from './at-exit.ts'

/** A session bus of its own with what shows notifications on a real desktop, and nothing else. */
export type NotificationService = AsyncDisposable & {
  env: { DBUS_SESSION_BUS_ADDRESS: string }
  /** What it was asked to show, one call a line. */
  shown: readonly string[]
  /** No program shows any from now on. */
  stop(): Promise<void>
}

/** Nothing is started because of a name on it: browsers ask for many. */
const config = (socket: string) => `<busconfig>
  <type>session</type>
  <listen>unix:path=${socket}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>`

export async function startNotifications(): Promise<NotificationService> {
  const folder = await mkdtemp(join(tmpdir(), 'at-notify-'))
  const socket = join(folder, 'bus')
  await writeFile(join(folder, 'bus.conf'), config(socket))
  const env = { DBUS_SESSION_BUS_ADDRESS: `unix:path=${socket}` }
  const daemon = spawn(
    'dbus-daemon',
    [`--config-file=${join(folder, 'bus.conf')}`, '--nofork', '--print-address=1'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const killNow = () => void daemon.kill('SIGKILL')
  const forget = atExit(killNow)
  await once(daemon.stdout, 'data')

  const shown: string[] = []
  const mock = spawn('/usr/bin/python3', ['-u', '-m', 'dbusmock', '--template', 'notification_daemon'], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  createInterface(mock.stdout).on('line', line => {
    if (/ Notify /.test(line)) shown.push(line)
  })
  await untilOwned(env)

  return {
    env,
    shown,
    stop: () => end(mock),
    async [Symbol.asyncDispose]() {
      forget()
      await Promise.all([end(mock), end(daemon)])
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function untilOwned(env: { DBUS_SESSION_BUS_ADDRESS: string }): Promise<void> {
  const wait = spawn('gdbus', ['wait', '--session', '--timeout=20', 'org.freedesktop.Notifications'], {
    env: { PATH: process.env.PATH, ...env },
    stdio: 'ignore',
  })
  const [exit] = await once(wait, 'exit')
  if (exit !== 0) throw new Error('nothing shows notifications')
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}
