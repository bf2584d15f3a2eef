import { setTimeout as sleep } from 'node:timers/promises'
import x11, { type XClient, type XDisplay, type XInput } from 'x11'

/**
 * Input as if from a keyboard and a mouse that are plugged in: XTEST requests on the *named slave devices* of the
 * server, which X reports as that device. (xdotool and its like go through "Virtual core XTEST …" instead, and
 * count as injected.) Every call only queues; `flush` resolves once the server has processed all of it.
 */
export type HardwareInput = AsyncDisposable & {
  keyDown(keycode: number): void
  keyUp(keycode: number): void
  /** One press and its release. */
  pressKey(keycode: number): void
  /** Types through the keyboard map of the server. Returns the number of presses, Shift included. */
  typeText(text: string): number
  /** One press and its release; 1 is the left button. */
  click(button?: number): void
  /** Goes there in a straight line of small steps. Returns the number of moves. */
  moveTo(x: number, y: number): number
  /** Is there in one move. */
  jumpTo(x: number, y: number): void
  /**
   * Signed: negative turns away from the user. This one comes from the XTEST pointer: the mouse of Xvfb has three
   * buttons, and X knows a wheel only as the buttons 4 and 5.
   */
  wheel(steps: number): void
  /** Whether the server moves the pointer by the keys of the number pad (MouseKeys). */
  setPointerKeys(on: boolean): Promise<void>
  flush(): Promise<void>
  close(): Promise<void>
}

/** A letter key in every layout of a server that was just started. */
export const someKeycode = 38

/** So many presses of that key; resolves once the server has them. */
export async function pressKeys(input: HardwareInput, count: number): Promise<void> {
  for (let press = 0; press < count; press++) input.pressKey(someKeycode)
  await input.flush()
}

/** Left and right on the number pad. */
const padKeys = { left: 83, right: 85 }

/** Has the pointer go there and back by the keys of the number pad, while `setPointerKeys` holds. */
export async function moveByKeys(input: HardwareInput, holdMs = 600): Promise<void> {
  for (const key of [padKeys.right, padKeys.left]) {
    input.keyDown(key)
    await input.flush()
    await sleep(holdMs)
    input.keyUp(key)
    await input.flush()
  }
}

const deviceEvent = { keyPress: 1, keyRelease: 2, buttonPress: 3, buttonRelease: 4, motion: 5 } as const
const coreEvent = { buttonPress: 4, buttonRelease: 5 } as const
const keysym = { shift: 0xffe1, enter: 0xff0d }
const pixelsPerMove = 8

export async function openHardwareInput(
  display: string,
  devices: { mouse: string; keyboard: string } = { mouse: 'Xvfb mouse', keyboard: 'Xvfb keyboard' },
): Promise<HardwareInput> {
  const { client, min_keycode, max_keycode, screen } = await connect(display)
  const xinput = await reply<XInput>(done => client.require('xinput', done))
  const xtest = await reply<{ majorOpcode: number }>(done => client.require('xtest', done))
  const known = await reply<{ deviceId: number; name: string }[]>(done =>
    xinput.XIQueryDevice(xinput.AllDevices, done),
  )
  const keymap = await reply<number[][]>(done =>
    client.GetKeyboardMapping(min_keycode, max_keycode - min_keycode + 1, done),
  )
  const mouse = await openDevice(client, xinput, known, devices.mouse)
  const keyboard = await openDevice(client, xinput, known, devices.keyboard)
  const keyOf = (symbol: number) => findKey(keymap, min_keycode, symbol)

  const put = (request: Buffer) => {
    client.seq_num++
    client.pack_stream.put(request)
    client.pack_stream.submit()
  }
  const send = (type: number, detail: number, device: number, axes: number[] = []) =>
    put(fakeInput(xtest.majorOpcode, xinput.firstEvent, type, detail, device, axes))
  const keyDown = (keycode: number) => send(deviceEvent.keyPress, keycode, keyboard)
  const keyUp = (keycode: number) => send(deviceEvent.keyRelease, keycode, keyboard)
  const pressKey = (keycode: number) => {
    keyDown(keycode)
    keyUp(keycode)
  }
  const click = (button = 1) => {
    send(deviceEvent.buttonPress, button, mouse)
    send(deviceEvent.buttonRelease, button, mouse)
  }
  const pointer = await reply<{ rootX: number; rootY: number }>(done =>
    client.QueryPointer(screen[0].root, done),
  )
  let at = { x: pointer.rootX, y: pointer.rootY }

  let serverGone = false
  client.on('end', () => {
    serverGone = true
  })
  const close = async () => {
    if (!serverGone) await reply<void>(done => client.close(done))
  }
  return {
    keyDown,
    keyUp,
    pressKey,
    typeText(text) {
      let presses = 0
      for (const character of text) {
        const { keycode, shifted } = keyOf(
          character === '\n' ? keysym.enter : (character.codePointAt(0) ?? 0),
        )
        const shift = keyOf(keysym.shift).keycode
        if (shifted) keyDown(shift)
        pressKey(keycode)
        if (shifted) keyUp(shift)
        presses += shifted ? 2 : 1
      }
      return presses
    },
    click,
    moveTo(x, y) {
      const from = at
      const steps = Math.ceil(Math.hypot(x - from.x, y - from.y) / pixelsPerMove)
      for (let step = 1; step <= steps; step++) {
        const along = (start: number, end: number) => Math.round(start + ((end - start) * step) / steps)
        send(deviceEvent.motion, 0, mouse, [along(from.x, x), along(from.y, y)])
      }
      at = { x, y }
      return steps
    },
    jumpTo(x, y) {
      send(deviceEvent.motion, 0, mouse, [x, y])
      at = { x, y }
    },
    wheel(steps) {
      const button = steps < 0 ? 4 : 5
      for (let step = 0; step < Math.abs(steps); step++) {
        for (const type of [coreEvent.buttonPress, coreEvent.buttonRelease]) {
          put(fakeInput(xtest.majorOpcode, 0, type, button, 0, []))
        }
      }
    },
    async setPointerKeys(on) {
      const { majorOpcode } = await reply<{ majorOpcode: number }>(done => client.require('xkb', done))
      put(setControls(majorOpcode, on))
      await client.sync()
    },
    flush: () => client.sync(),
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function connect(display: string): Promise<XDisplay> {
  const connected = await reply<XDisplay>(done => {
    const client = x11.createClient({ display }, done)
    // Also after the connection stands: a test that ends its server must not crash here.
    client.on('error', error => console.error(`hardware input: ${error.message}`))
  })
  return connected
}

function reply<T>(ask: (done: (error: Error | null, result: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => ask((error, result) => (error ? reject(error) : resolve(result))))
}

/** XOpenDevice: a client may only speak for a device that it has opened. */
async function openDevice(
  client: XClient,
  xinput: XInput,
  known: { deviceId: number; name: string }[],
  name: string,
): Promise<number> {
  const id = known.find(device => device.name === name)?.deviceId
  if (id === undefined) throw new Error(`no device "${name}", only ${known.map(device => device.name)}`)
  await reply<unknown>(done => {
    const request = Buffer.alloc(8)
    request[0] = xinput.majorOpcode
    request[1] = 3
    request.writeUInt16LE(request.length / 4, 2)
    request[4] = id
    client.seq_num++
    client.replies[client.seq_num] = [body => body, done]
    client.pack_stream.put(request)
    client.pack_stream.submit(true)
  })
  return id
}

/**
 * XTestFakeInput with a core event, or with a device event of the input extension (XTEST 2.1, XI 1): a header of 4 bytes, the event of 32,
 * and for a move a second event of 32 with the position.
 */
function fakeInput(
  opcode: number,
  firstEvent: number,
  type: number,
  detail: number,
  device: number,
  axes: number[],
): Buffer {
  const moreEvents = axes.length > 0 ? 0x80 : 0
  const request = Buffer.alloc(moreEvents ? 68 : 36)
  request[0] = opcode
  request[1] = 2
  request.writeUInt16LE(request.length / 4, 2)
  request[4] = firstEvent + type
  request[5] = detail
  request[35] = device | moreEvents
  if (moreEvents) {
    request[36] = firstEvent
    request[37] = device
    request[42] = axes.length
    for (const [index, value] of axes.entries()) request.writeInt32LE(value, 44 + 4 * index)
  }
  return request
}

function findKey(
  keymap: number[][],
  firstKeycode: number,
  symbol: number,
): { keycode: number; shifted: boolean } {
  for (const level of [0, 1]) {
    const index = keymap.findIndex(symbols => symbols[level] === symbol)
    if (index >= 0) return { keycode: firstKeycode + index, shifted: level === 1 }
  }
  throw new Error(`no key types U+${symbol.toString(16)} on this server`)
}

/** XkbSetControls for the core keyboard: MouseKeys on or off, and nothing else (X keyboard extension, 16.3.7). */
function setControls(opcode: number, on: boolean): Buffer {
  const mouseKeys = 1 << 4
  const request = Buffer.alloc(100)
  request[0] = opcode
  request[1] = 7
  request.writeUInt16LE(request.length / 4, 2)
  request.writeUInt16LE(0x100, 4)
  // affectEnabledControls, enabledControls, changeControls.
  request.writeUInt32LE(mouseKeys, 24)
  request.writeUInt32LE(on ? mouseKeys : 0, 28)
  request.writeUInt32LE(0, 32)
  return request
}
