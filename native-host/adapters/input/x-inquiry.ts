import type { XInput, XSync } from 'x11'
import { openXSession } from '../base/x-session.ts'

// Its one connection ends with the process.
const forever = new AbortController().signal

/** What the X server is asked beside the recording, on a connection of its own: that of the recording hears nothing. */
export type XInquiry = {
  /**
   * The names of the devices that were used within the last `ms`, from their idle times (SYNC extension, DEVICEIDLETIME
   * counters, one for each device). Some ten small requests for a look, and nothing at all in between: unlike raw
   * events, it costs the same however much is typed.
   */
  usedWithin(ms: number): Promise<string[]>
  /**
   * The server's time, in milliseconds as events carry it (SYNC extension, SERVERTIME counter). The server keeps up to
   * 1 KiB of what it has recorded until it has something to say to any of its programs. An answer is that: what was
   * recorded before it was asked has been sent when this resolves.
   */
  time(): Promise<number>
}

/** Rejects when the server has no such counters; input is counted all the same. */
export async function openXInquiry(display: string): Promise<XInquiry> {
  const { client, ask } = await openXSession(display, forever)
  const sync = await ask<XSync>(done => client.require('sync', done))
  const input = await ask<XInput>(done => client.require('xinput', done))
  const clock = (await readCounters()).find(({ name }) => name === 'SERVERTIME')
  if (!clock) throw new Error('the server does not tell its time')
  let names = new Map<number, string>()

  return {
    time: async () => (await read(clock.counter)) % stampRange,
    async usedWithin(ms) {
      const devices = (await readCounters()).flatMap(({ counter, name }) => {
        const device = /^DEVICEIDLETIME (\d+)$/.exec(name)?.[1]
        return device === undefined ? [] : [{ counter, device: Number(device) }]
      })
      // One was plugged in.
      if (devices.some(({ device }) => !names.has(device))) names = await readNames()
      const idle = await Promise.all(devices.map(({ counter }) => read(counter).catch(() => Infinity)))
      return devices
        .filter((_, index) => (idle[index] ?? Infinity) <= ms)
        .map(({ device }) => names.get(device) ?? `device ${device}`)
        .filter(name => !/^Virtual core (pointer|keyboard)$/.test(name))
    },
  }

  function readCounters(): Promise<{ counter: number; name: string }[]> {
    return ask(done => sync.ListSystemCounters(done))
  }

  function read(counter: number): Promise<number> {
    return ask(done => sync.QueryCounter(counter, done))
  }

  async function readNames(): Promise<Map<number, string>> {
    const devices = await ask<{ deviceId: number; name: string }[]>(done =>
      input.XIQueryDevice(input.AllDevices, done),
    )
    return new Map(devices.map(({ deviceId, name }) => [deviceId, name]))
  }
}

/** Stamps of events have 32 bits. */
const stampRange = 2 ** 32
