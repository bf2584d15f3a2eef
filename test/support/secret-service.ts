import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitFor } from './wait-for.ts'

/**
 * The keychain of a desktop: a session bus of its own with GNOME's Secret Service on it, in a folder of its own. On a
 * bus without it the system would start one that is locked.
 */
export async function startSecretService(state: 'unlocked' | 'locked'): Promise<
  AsyncDisposable & {
    /** For programs that are to see this keychain. */
    env: { DBUS_SESSION_BUS_ADDRESS: string; HOME: string; XDG_DATA_HOME: string; XDG_RUNTIME_DIR: string }
  }
> {
  const folder = await mkdtemp(join(tmpdir(), 'at-keychain-'))
  const children: ChildProcess[] = []
  const start = (program: string, args: string[], env: Record<string, string>) => {
    const child = spawn(program, args, {
      env: { PATH: '/usr/bin:/bin', ...env },
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    children.push(child)
    return child
  }
  const stop = async () => {
    for (const child of children.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    }
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const folders = { HOME: folder, XDG_DATA_HOME: folder, XDG_RUNTIME_DIR: folder }
    const bus = start('dbus-daemon', ['--session', '--nofork', '--print-address'], folders)
    const [address] = await once(bus.stdout, 'data')
    const env = { ...folders, DBUS_SESSION_BUS_ADDRESS: String(address).trim() }
    const unlock = state === 'unlocked' ? ['--unlock'] : []
    const keyring = start('gnome-keyring-daemon', ['--foreground', '--components=secrets', ...unlock], env)
    keyring.stdin.end('the password of the login')
    await waitFor('the keychain on the bus', () => isOnBus(env))
    return { env, [Symbol.asyncDispose]: stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function isOnBus(env: Record<string, string>): Promise<boolean> {
  const question = ['--session', '--print-reply', '--dest=org.freedesktop.DBus', '/org/freedesktop/DBus']
  const asked = spawn(
    'dbus-send',
    [...question, 'org.freedesktop.DBus.NameHasOwner', 'string:org.freedesktop.secrets'],
    { env: { PATH: '/usr/bin:/bin', ...env } },
  )
  let said = ''
  asked.stdout.on('data', chunk => {
    said += chunk
  })
  await once(asked, 'close')
  return said.includes('boolean true')
}
