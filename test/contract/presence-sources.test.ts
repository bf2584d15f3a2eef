import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { systemPresence } from '../../native-host/adapters/presence/system-presence.ts'
import { watchX } from '../../native-host/adapters/presence/x-idle.ts'
import type { PresenceReport } from '../../native-host/presence/presence-sources.ts'
import { type DesktopBus, type Method, startDesktopBus } from '../support/desktop-bus.ts'
import { openHardwareInput, someKeycode } from '../support/hardware-input.ts'
import { assertWithin } from '../support/pace.ts'
import { type SilentServer, startSilentServer } from '../support/silent-server.ts'
import { startVirtualDisplay } from '../support/virtual-display.ts'
import { waitFor } from '../support/wait-for.ts'

const run = promisify(execFile)

/** Watches with this environment, and returns what was reported so far. */
function watchWith(env: NodeJS.ProcessEnv) {
  const told: PresenceReport[] = []
  const ending = new AbortController()
  const watching = systemPresence(env).watch(sign => told.push(sign), ending.signal)
  return {
    told: told as readonly PresenceReport[],
    until: (what: string, accept: (sign: PresenceReport) => boolean) =>
      waitFor(what, () => told.find(accept), { seen: () => told }),
    async [Symbol.asyncDispose]() {
      ending.abort()
      await watching
    },
  }
}

const isLocked = (sign: PresenceReport) => sign.kind === 'lock' && sign.locked

describe('the signs of a desktop', { skip: process.platform !== 'linux' && 'only on Linux' }, () => {
  test('a screen that is locked already is reported at once', async () => {
    await using bus = await startDesktopBus()
    const [logind, saver] = await Promise.all([bus.startLogind(), bus.startScreenSaver()])
    await logind.setLocked(true)
    await saver.setActive(true)
    await using watch = watchWith(bus.env)
    await watch.until('logind', sign => isLocked(sign) && sign.source === 'logind')
    await watch.until('the screen saver', sign => isLocked(sign) && sign.source === 'screensaver')
  })

  test('a screen saver that is started later is listened to', async () => {
    await using bus = await startDesktopBus()
    await using watch = watchWith(bus.env)
    const saver = await bus.startScreenSaver()
    await saver.setActive(true)
    await watch.until('the screen saver', isLocked)
  })

  test('a signal of a screen saver is not believed when another program sends it', async () => {
    await using bus = await startDesktopBus()
    const saver = await bus.startScreenSaver()
    await using watch = watchWith(bus.env)
    await waitFor('the watch to listen', async () => {
      await saver.setActive(true)
      return watch.told.some(isLocked)
    })
    const before = watch.told.length
    // To all connections, and to each one by itself, which no rule of the bus keeps away.
    const address = `--bus=${bus.env.DBUS_SESSION_BUS_ADDRESS}`
    const forged = ['/org/gnome/ScreenSaver', 'org.gnome.ScreenSaver.ActiveChanged', 'boolean:false']
    const everybody = Array.from({ length: 20 }, (_, n) => [`--dest=:1.${n}`])
    for (const to of [[], ...everybody]) await run('dbus-send', [address, '--type=signal', ...to, ...forged])
    await new Promise(resolve => setTimeout(resolve, 300))
    assert.equal(watch.told.length, before, JSON.stringify(watch.told))
    await saver.setActive(false)
    await watch.until('the end of it', sign => sign.kind === 'lock' && !sign.locked)
  })

  test('GNOME reports when input stops, and when it begins again', async () => {
    await using bus = await startDesktopBus()
    const name = 'org.gnome.Mutter.IdleMonitor'
    const mutter = await bus.startObject(name, '/org/gnome/Mutter/IdleMonitor/Core', [
      ['AddIdleWatch', 't', 'u', 'ret = 7'],
      ['AddUserActiveWatch', '', 'u', 'ret = 8'],
    ])
    const fire = (watch: number) =>
      mutter.call(
        'org.freedesktop.DBus.Mock',
        'EmitSignal',
        'sssav',
        name,
        'WatchFired',
        'u',
        '1',
        'u',
        `${watch}`,
      )
    await using watch = watchWith({ ...bus.env, WAYLAND_DISPLAY: '/nowhere' })
    await watch.until('GNOME', sign => sign.source === 'mutter')
    await fire(7)
    await watch.until('stillness', sign => sign.kind === 'still' && sign.forMs === 1000)
    await waitFor('the person to be there', async () => {
      await fire(8)
      return watch.told.at(-1)?.kind === 'active'
    })
    await mutter.stop()
    await watch.until('GNOME to be gone', sign => sign.kind === 'gone')
  })

  test('a logind that knows no session still tells when the computer sleeps', async () => {
    await using bus = await startDesktopBus()
    const logind = await bus.startObject('org.freedesktop.login1', '/org/freedesktop/login1', [
      ['ListSessions', '', 's', 'ret = "nonsense"'],
    ])
    await using watch = watchWith(bus.env)
    const asleep = ['org.freedesktop.login1.Manager', 'PrepareForSleep', 'b', '1', 'b', 'true']
    await waitFor('the sleep to be told', async () => {
      await logind.call('org.freedesktop.DBus.Mock', 'EmitSignal', 'sssav', ...asleep)
      return watch.told.some(sign => sign.kind === 'sleep' && sign.asleep)
    })
  })

  test('without a presence source, nothing is reported and nothing fails', async () => {
    await using watch = watchWith({
      DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere',
      DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/nowhere',
      WAYLAND_DISPLAY: '/nowhere',
    })
    await new Promise(resolve => setTimeout(resolve, 300))
    assert.deepEqual(watch.told, [])
  })

  test('X reports after five seconds that input has stopped, and at once that it begins again', async t => {
    await using display = await startVirtualDisplay()
    await using input = await openHardwareInput(display.display)
    await using watch = watchWith({
      DISPLAY: display.display,
      DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/nowhere',
    })
    const still = await watch.until('stillness', sign => sign.kind === 'still')
    assert.ok(still.kind === 'still' && still.forMs >= 5000, JSON.stringify(still))
    await assertWithin(5500, still.forMs)
    const begun = performance.now()
    input.pressKey(someKeycode)
    await input.flush()
    await waitFor('a key', () => watch.told.at(-1)?.kind === 'active', { everyMs: 5 })
    t.diagnostic(`told ${Math.round(performance.now() - begun)} ms after the key`)
    await display.stop()
    await watch.until('the server to be gone', sign => sign.kind === 'gone')
  })

  // Failed four times of four while only the alarm of the server was believed.
  test('X tells it also while another program reads the idle time all the time', async () => {
    await using display = await startVirtualDisplay()
    await using input = await openHardwareInput(display.display)
    await using _reader = await startReadingIdleTime(display.display)
    const told: PresenceReport[] = []
    const ending = new AbortController()
    const watching = watchX(display.display, sign => told.push(sign), 200, ending.signal)
    for (let round = 1; round <= 12; round++) {
      await waitFor(`stillness ${round}`, () => told.at(-1)?.kind === 'still')
      input.pressKey(someKeycode)
      await input.flush()
      await waitFor(`key ${round}`, () => told.at(-1)?.kind === 'active')
    }
    ending.abort(new Error('enough'))
    await assert.rejects(watching, { message: 'enough' })
  })

  // What an agent has counted last is sealed after its watches have ended.
  test('a watch ends with its signal, however far it has got', async () => {
    await using display = await startVirtualDisplay()
    await using bus = await startDesktopBus()
    for (let afterMs = 0; afterMs < 40; afterMs += 0.5)
      await endsAfter(afterMs, { ...bus.env, DISPLAY: display.display })
  })

  const silent: [who: string, env: (server: SilentServer) => NodeJS.ProcessEnv][] = [
    ['the X server', ({ display }) => ({ DISPLAY: display })],
    ['the compositor', ({ path }) => ({ WAYLAND_DISPLAY: path })],
    ['the message bus', ({ path }) => ({ DBUS_SESSION_BUS_ADDRESS: `unix:path=${path}` })],
  ]
  for (const [who, env] of silent)
    test(`a watch ends with its signal while ${who} says nothing`, async () => {
      await using server = await startSilentServer()
      for (const afterMs of [0, 1, 10, 300])
        await endsAfter(afterMs, { DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/nowhere', ...env(server) })
    })
})

async function endsAfter(ms: number, env: NodeJS.ProcessEnv): Promise<void> {
  const ending = new AbortController()
  const watching = systemPresence(env).watch(() => undefined, ending.signal)
  const begun = performance.now()
  while (performance.now() - begun < ms) await immediate()
  ending.abort()
  const late = Symbol('late')
  assert.notEqual(await Promise.race([watching, sleep(2000, late)]), late, `begun ${ms} ms before`)
}

/** A program that reads it hundreds of times in a row, so that one of them falls on the moment of an alarm. */
async function startReadingIdleTime(display: string): Promise<AsyncDisposable> {
  const script = join(import.meta.dirname, '../support/read-idle-time.ts')
  const reader = spawn(process.execPath, ['--no-warnings', script, display], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(reader.stdout, 'data')
  return {
    async [Symbol.asyncDispose]() {
      const ended = once(reader, 'exit')
      reader.kill()
      await ended
    },
  }
}

const keepers: [who: string, name: string, path: string, method: Method][] = [
  [
    'GNOME',
    'org.gnome.SessionManager',
    '/org/gnome/SessionManager',
    ['IsInhibited', 'u', 'b', 'ret = args[0] == 8'],
  ],
  [
    'KDE',
    'org.kde.Solid.PowerManagement.PolicyAgent',
    '/org/kde/Solid/PowerManagement/PolicyAgent',
    ['HasInhibition', 'u', 'b', 'ret = args[0] == 4'],
  ],
]

describe('whether the screen is kept on', { skip: process.platform !== 'linux' && 'only on Linux' }, () => {
  const kept = (bus: DesktopBus) => systemPresence(bus.env).keptAwake()

  for (const [who, name, path, method] of keepers)
    test(`${who} says that a program asked for it`, async () => {
      await using bus = await startDesktopBus()
      assert.equal(await kept(bus), false)
      await bus.startObject(name, path, [method])
      assert.equal(await kept(bus), true)
    })

  test('logind lists who asked for it', async () => {
    await using bus = await startDesktopBus()
    const logind = await bus.startLogind()
    assert.equal(await kept(bus), false)
    await logind.inhibitIdle()
    assert.equal(await kept(bus), true)
  })

  test('without any bus it is not', async () => {
    const nowhere = {
      DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere',
      DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/nowhere',
    }
    assert.equal(await systemPresence(nowhere).keptAwake(), false)
  })
})
