import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { atExit } from './at-exit.ts'
import { waitFor } from './wait-for.ts'

const run = promisify(execFile)

/**
 * A message bus of its own, which is the bus of the system and of the session to every program with its
 * environment.
 */
export type DesktopBus = AsyncDisposable & {
  env: { DBUS_SYSTEM_BUS_ADDRESS: string; DBUS_SESSION_BUS_ADDRESS: string }
  /** logind with one session of this user, which is no process of it. */
  startLogind(): Promise<Logind>
  /** One of GNOME's screen saver, which tells when it is active. */
  startScreenSaver(): Promise<ScreenSaver>
  /** Something with only these methods, such as `['IsInhibited', 'u', 'b', 'ret = True']`. */
  startObject(name: string, path: string, methods: readonly Method[]): Promise<MockedObject>
}

/** Name, what comes in, what goes out, and Python that says what. */
export type Method = readonly [name: string, takes: string, gives: string, code: string]

export type MockedObject = { call(...words: string[]): Promise<string>; stop(): Promise<void> }
export type Logind = MockedObject & {
  /** What a desktop says after it has locked the screen. */
  setLocked(locked: boolean): Promise<void>
  /** What `loginctl lock-session` says, whether a program locks the screen or not. */
  askToLock(): Promise<void>
  prepareForSleep(asleep: boolean): Promise<void>
  /** As `systemd-inhibit --what=idle` does, for as long as this logind lives. */
  inhibitIdle(): Promise<void>
}
export type ScreenSaver = MockedObject & { setActive(active: boolean): Promise<void> }

const mock = 'org.freedesktop.DBus.Mock'
const login1 = 'org.freedesktop.login1'
const manager = '/org/freedesktop/login1'

export async function startDesktopBus(): Promise<DesktopBus> {
  const folder = await mkdtemp(join(tmpdir(), 'at-bus-'))
  const children: ChildProcess[] = []
  const killNow = () => children.forEach(child => void child.kill('SIGKILL'))
  const forget = atExit(killNow)
  const address = `unix:path=${join(folder, 'bus')}`
  const env = { DBUS_SYSTEM_BUS_ADDRESS: address, DBUS_SESSION_BUS_ADDRESS: address }
  const all = { ...process.env, ...env }
  const bus = spawn('dbus-daemon', ['--session', '--nofork', `--address=${address}`, '--print-address=1'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  children.push(bus)
  await once(bus.stdout, 'data')

  const call = async (name: string, path: string, ...words: string[]) =>
    (await run('busctl', [`--address=${address}`, 'call', name, path, ...words], { env: all })).stdout
  const start = async (name: string, words: string[], object: string): Promise<MockedObject> => {
    const mocked = spawn('/usr/bin/python3', ['-m', 'dbusmock', ...words], { env: all, stdio: 'ignore' })
    children.push(mocked)
    await waitFor(`${name} on the bus`, () =>
      call(name, object, 'org.freedesktop.DBus.Peer', 'Ping').then(() => true),
    )
    return { call: (...more) => call(name, ...pathOf(object, more)), stop: () => end(mocked) }
  }

  return {
    env,
    async startLogind() {
      const logind = await start(login1, ['--template', 'logind'], manager)
      const user = String(process.getuid?.() ?? 0)
      await waitFor('a session', () =>
        logind.call(mock, 'AddSession', 'ssusb', 'one', 'seat0', user, 'somebody', 'true').then(() => true),
      )
      const session = `${manager}/session/one`
      const say = (path: string, interfaceName: string, member: string, ...body: string[]) =>
        logind.call(path, mock, 'EmitSignal', 'sssav', interfaceName, member, ...body)
      return {
        ...logind,
        setLocked: async locked => {
          await logind.call(session, `${login1}.Session`, 'SetLockedHint', 'b', String(locked))
        },
        askToLock: async () => {
          await say(session, `${login1}.Session`, 'Lock', '', '0')
        },
        prepareForSleep: async asleep => {
          await say(manager, `${login1}.Manager`, 'PrepareForSleep', 'b', '1', 'b', String(asleep))
        },
        inhibitIdle: async () => {
          const inhibitors = `ret = [("idle", "a player", "a video", "block", ${user}, 4711)]`
          await logind.call(
            mock,
            'AddMethod',
            'sssss',
            `${login1}.Manager`,
            'ListInhibitors',
            '',
            'a(ssssuu)',
            inhibitors,
          )
        },
      }
    },
    async startScreenSaver() {
      const name = 'org.gnome.ScreenSaver'
      const saver = await start(name, ['--template', 'gnome_screensaver'], '/org/gnome/ScreenSaver')
      return {
        ...saver,
        setActive: async active => {
          await saver.call(name, 'SetActive', 'b', String(active))
        },
      }
    },
    async startObject(name, path, methods) {
      const object = await start(name, ['--session', name, path, name], path)
      for (const method of methods) await object.call(mock, 'AddMethod', 'sssss', name, ...method)
      return object
    },
    async [Symbol.asyncDispose]() {
      forget()
      await Promise.all(children.map(end))
      await rm(folder, { recursive: true, force: true })
    },
  }

  /** The path comes first where it is another than the object's. */
  function pathOf(object: string, words: string[]): [string, ...string[]] {
    const [first = '', ...rest] = words
    return first.startsWith('/') ? [first, ...rest] : [object, ...words]
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}
