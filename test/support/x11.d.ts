/** The little that the tests use of npm `x11`, which ships no types. */
declare module 'x11' {
  type Callback<T> = (error: Error | null, result: T) => void

  export type XClient = {
    /** Grows by one with every request; the server counts along. */
    seq_num: number
    /** Keyed by sequence number: how to read the reply, and whom to give it to. */
    replies: Record<number, [unpack: (body: Buffer) => unknown, callback: Callback<unknown>]>
    pack_stream: { put(request: Buffer): void; submit(expectsReply?: boolean): boolean }
    require(extension: 'xinput', callback: Callback<XInput>): void
    require(extension: 'xtest', callback: Callback<Extension>): void
    GetKeyboardMapping(first: number, count: number, callback: Callback<number[][]>): void
    QueryPointer(window: number, callback: Callback<{ rootX: number; rootY: number }>): void
    /** A round trip: everything sent before was processed when it resolves. */
    sync(): Promise<void>
    close(callback: Callback<void>): void
    on(event: 'error', listener: (error: Error) => void): void
    on(event: 'end', listener: () => void): void
  }
  export type Extension = { majorOpcode: number; firstEvent: number }
  export type XInput = Extension & {
    AllDevices: number
    XIQueryDevice(device: number, callback: Callback<{ deviceId: number; name: string }[]>): void
  }
  export type XDisplay = {
    client: XClient
    min_keycode: number
    max_keycode: number
    screen: [{ root: number }]
  }

  const x11: {
    createClient(options: { display: string }, callback: Callback<XDisplay>): XClient
  }
  export default x11
}
