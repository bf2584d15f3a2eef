import type { XInput, XKeyboard, XSync } from 'x11'
import type { InputDevice } from '../../input/input-sources.ts'
import { openXSession } from '../../platform/x11/session.ts'

// Its one connection ends with the process.
const forever = new AbortController().signal

/** What the X server is asked beside the recording, on a connection of its own: that of the recording hears nothing. */
export type XInquiry = {
  /**
   * The devices that were used within the last `ms`, from their idle times (SYNC extension, DEVICEIDLETIME
   * counters, one for each device). Some ten small requests for a look, and nothing at all in between: unlike raw
   * events, it costs the same however much is typed.
   */
  usedWithin(ms: number): Promise<InputDevice[]>
  /**
   * The server's time, in milliseconds as events carry it (SYNC extension, SERVERTIME counter). The server keeps up to
   * 1 KiB of what it has recorded until it has something to say to any of its programs. An answer is that: what was
   * recorded before it was asked has been sent when this resolves.
   */
  time(): Promise<number>
  /** Whether the server moves the pointer by keys (MouseKeys of the X keyboard extension). */
  pointerKeys(): Promise<boolean>
}

/** Rejects when the server has no such counters; input is counted all the same. */
export async function openXInquiry(display: string): Promise<XInquiry> {
  const { client, ask } = await openXSession(display, forever)
  const sync = await ask<XSync>(done => client.require('sync', done))
  const input = await ask<XInput>(done => client.require('xinput', done))
  const clock = (await readCounters()).find(({ name }) => name === 'SERVERTIME')
  if (!clock) throw new Error('the server does not tell its time')
  const keyboard = await ask<XKeyboard>(done => client.require('xkb', done)).catch(() => undefined)
  let known = new Map<number, InputDevice>()

  return {
    time: async () => (await read(clock.counter)) % stampRange,
    async usedWithin(ms) {
      const devices = (await readCounters()).flatMap(({ counter, name }) => {
        const device = /^DEVICEIDLETIME (\d+)$/.exec(name)?.[1]
        return device === undefined ? [] : [{ counter, device: Number(device) }]
      })
      // One was plugged in.
      if (devices.some(({ device }) => !known.has(device))) known = await readDevices()
      const idle = await Promise.all(devices.map(({ counter }) => read(counter).catch(() => Infinity)))
      return devices
        .filter((_, index) => (idle[index] ?? Infinity) <= ms)
        .map(({ device }): InputDevice => known.get(device) ?? { name: `device ${device}`, kind: 'unknown' })
        .filter(({ name }) => !/^Virtual core (pointer|keyboard)$/.test(name))
    },
    async pointerKeys() {
      if (!keyboard) return false
      const { enabledControls } = await ask<{ enabledControls: number }>(done =>
        keyboard.GetControls(keyboard.UseCoreKbd, done),
      )
      return (enabledControls & mouseKeys) !== 0
    },
  }

  function readCounters(): Promise<{ counter: number; name: string }[]> {
    return ask(done => sync.ListSystemCounters(done))
  }

  function read(counter: number): Promise<number> {
    return ask(done => sync.QueryCounter(counter, done))
  }

  async function readDevices(): Promise<Map<number, InputDevice>> {
    const devices = await ask<{ deviceId: number; use: number; name: string }[]>(done =>
      input.XIQueryDevice(input.AllDevices, done),
    )
    return new Map(
      devices.map(({ deviceId, use, name }) => [deviceId, { name, kind: kinds[use] ?? 'unknown' }]),
    )
  }
}

/** Uses of a device in XIQueryDevice that are not those of a master (XI2 protocol, 2.3). */
const kinds: Record<number, InputDevice['kind']> = { 3: 'pointer', 4: 'keyboard' }

/** Of the controls that a keyboard may have enabled (X keyboard extension, 4.7). */
const mouseKeys = 1 << 4

/** Stamps of events have 32 bits. */
const stampRange = 2 ** 32
