import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InputEvent } from '../../native-host/input/input-event.ts'
import { waitFor } from './wait-for.ts'

/**
 * A full X server without a screen, with a mouse and a keyboard that are as real as they get without hardware: X.Org's
 * `inputtest` driver feeds them in below everything that tells injected input apart. Needs xserver-xorg-core and
 * xserver-xorg-video-dummy.
 */
export type PluggedInMouse = AsyncDisposable & {
  display: string
  /** As the event says; which key it was is not in it, so every key is the same letter. */
  act(event: InputEvent): void
}

/** Both have to be there. */
const drivers = ['/usr/lib/xorg/modules/input/inputtest_drv.so', '/usr/lib/xorg/modules/drivers/dummy_drv.so']

export async function hasInputtest(): Promise<boolean> {
  const found = await Promise.all(
    drivers.map(path =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  )
  return found.every(Boolean)
}

export async function plugInMouse(): Promise<PluggedInMouse> {
  await using undo = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'at-xorg-'))
  undo.defer(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'xorg.conf'), configuration(folder))
  const server = spawn(
    'Xorg',
    [
      ...['-config', join(folder, 'xorg.conf'), '-configdir', folder, '-logfile', join(folder, 'log')],
      ...['-displayfd', '3', '-nolisten', 'tcp', '-noreset', '-ac', '-sharevts', '-novtswitch'],
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
  )
  undo.defer(async () => {
    if (server.exitCode !== null || server.signalCode !== null) return
    const gone = once(server, 'exit')
    server.kill('SIGTERM')
    await gone
  })
  const number = server.stdio[3]
  if (!number || !('setEncoding' in number)) throw new Error('Xorg was started without its pipe')
  const [text] = await Promise.race([
    once(number.setEncoding('utf8'), 'data'),
    once(server, 'exit').then(() => {
      throw new Error('Xorg ended at once')
    }),
  ])
  const mouse = undo.use(await openDevice(join(folder, 'mouse.sock')))
  const keyboard = undo.use(await openDevice(join(folder, 'keyboard.sock')))
  const cleanUp = undo.move()
  return {
    display: `:${String(text).trim()}`,
    act(event) {
      switch (event.kind) {
        case 'move':
          return mouse.move(event.x, event.y)
        case 'button-down':
        case 'button-up':
          return mouse.button(Math.max(1, event.button), event.kind === 'button-down')
        case 'wheel':
          mouse.button(event.steps < 0 ? 4 : 5, true)
          return mouse.button(event.steps < 0 ? 4 : 5, false)
        case 'key-down':
        case 'key-up':
          return keyboard.key(38 + (event.slot % 8), event.kind === 'key-down')
        default:
          throw event satisfies never
      }
    },
    [Symbol.asyncDispose]: () => cleanUp.disposeAsync(),
  }
}

/** xf86-input-inputtest, protocol 1.1: structures as the compiler lays them out on 64 bits, little-endian. */
const request = { version: 0, motion: 2, button: 4, key: 5 } as const
const valuatorBytes = 16 + 2 * 64 * 8

async function openDevice(path: string) {
  await waitFor('the driver to listen', () =>
    access(path).then(
      () => true,
      () => false,
    ),
  )
  const socket: Socket = connect(path)
  await once(socket, 'connect')
  // Answers to the version and to nothing else that is asked here.
  socket.resume()
  const version = frame(request.version, 12)
  version.writeUInt16LE(1, 8)
  version.writeUInt16LE(1, 10)
  socket.write(version)
  return {
    move(x: number, y: number): void {
      const bytes = frame(request.motion, 16 + valuatorBytes)
      bytes.writeUInt32LE(1, 8)
      bytes.writeUInt8(0b11, 16 + 4)
      bytes.writeDoubleLE(x, 16 + 16)
      bytes.writeDoubleLE(y, 16 + 16 + 8)
      socket.write(bytes)
    },
    button(button: number, down: boolean): void {
      const bytes = frame(request.button, 24 + valuatorBytes)
      bytes.writeInt32LE(button, 12)
      bytes.writeUInt32LE(down ? 1 : 0, 16)
      socket.write(bytes)
    },
    key(keycode: number, down: boolean): void {
      const bytes = frame(request.key, 16)
      bytes.writeInt32LE(keycode, 8)
      bytes.writeUInt32LE(down ? 1 : 0, 12)
      socket.write(bytes)
    },
    async [Symbol.asyncDispose]() {
      socket.destroy()
    },
  }
}

function frame(type: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  bytes.writeUInt32LE(length, 0)
  bytes.writeUInt32LE(type, 4)
  return bytes
}

function configuration(folder: string): string {
  const device = (name: string, socket: string, type: string) => `
Section "InputDevice"
  Identifier "${name}"
  Driver "inputtest"
  Option "SocketPath" "${join(folder, socket)}"
  Option "DeviceType" "${type}"
EndSection`
  return `
Section "ServerFlags"
  Option "AutoAddDevices" "false"
  Option "AutoEnableDevices" "false"
  Option "DontVTSwitch" "true"
EndSection
Section "Device"
  Identifier "card"
  Driver "dummy"
  VideoRam 256000
EndSection
Section "Monitor"
  Identifier "monitor"
  HorizSync 5-1000
  VertRefresh 5-200
  Modeline "1920x1080" 148.5 1920 2008 2052 2200 1080 1084 1089 1125
EndSection
Section "Screen"
  Identifier "screen"
  Device "card"
  Monitor "monitor"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Modes "1920x1080"
  EndSubSection
EndSection
${device('Plugged-in mouse', 'mouse.sock', 'Pointer')}
${device('Plugged-in keyboard', 'keyboard.sock', 'Keyboard')}
Section "ServerLayout"
  Identifier "layout"
  Screen "screen"
  InputDevice "Plugged-in mouse" "CorePointer"
  InputDevice "Plugged-in keyboard" "CoreKeyboard"
EndSection
`
}
