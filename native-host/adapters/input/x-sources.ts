import x11, { type XDisplay, type XInput, type XSync } from 'x11'

/**
 * Which devices of the X server were used lately, from its idle times (SYNC extension, DEVICEIDLETIME counters, one
 * for each device). Some ten small requests for a look, and nothing at all in between: unlike raw events, it costs the
 * same however much is typed.
 */
export type XSources = {
  /** The names of the devices that were used within the last `ms`. */
  usedWithin(ms: number): Promise<string[]>
}

/** Rejects when the server has no idle times; input is counted all the same. */
export async function watchXSources(display: string): Promise<XSources> {
  const { client } = await connect(display)
  const sync = await reply<XSync>(done => client.require('sync', done))
  const input = await reply<XInput>(done => client.require('xinput', done))
  let names = new Map<number, string>()

  return {
    async usedWithin(ms) {
      const counters = await reply<{ counter: number; name: string }[]>(done => sync.ListSystemCounters(done))
      const devices = counters.flatMap(({ counter, name }) => {
        const device = /^DEVICEIDLETIME (\d+)$/.exec(name)?.[1]
        return device === undefined ? [] : [{ counter, device: Number(device) }]
      })
      // One was plugged in.
      if (devices.some(({ device }) => !names.has(device))) names = await readNames()
      const idle = await Promise.all(
        devices.map(({ counter }) =>
          reply<number>(done => sync.QueryCounter(counter, done)).catch(() => Infinity),
        ),
      )
      return devices
        .filter((_, index) => (idle[index] ?? Infinity) <= ms)
        .map(({ device }) => names.get(device) ?? `device ${device}`)
        .filter(name => !/^Virtual core (pointer|keyboard)$/.test(name))
    },
  }

  async function readNames(): Promise<Map<number, string>> {
    const devices = await reply<{ deviceId: number; name: string }[]>(done =>
      input.XIQueryDevice(input.AllDevices, done),
    )
    return new Map(devices.map(({ deviceId, name }) => [deviceId, name]))
  }
}

function connect(display: string): Promise<XDisplay> {
  return new Promise((resolve, reject) => {
    const client = x11.createClient({ display, shm: false }, (error, connected) =>
      error ? reject(error) : resolve(connected),
    )
    // Later ones mean that the connection is lost; the recording notices that too.
    client.on('error', reject)
  })
}

function reply<T>(ask: (done: (error: Error | null, result: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => ask((error, result) => (error ? reject(error) : resolve(result))))
}
