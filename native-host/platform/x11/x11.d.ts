/** The little that is used of npm `x11`, which ships no types. */
declare module 'x11' {
  type Callback<T> = (error: Error | null, result: T) => void

  export type XClient = {
    /** Grows by one with every request; the server counts along. */
    seq_num: number
    /** Keyed by sequence number: how to read the reply, and whom to give it to. */
    replies: Record<number, [unpack: (body: Buffer) => unknown, callback: Callback<unknown>]>
    /** By name. */
    atoms: Record<string, number>
    stream: import('node:net').Socket
    pack_stream: {
      put(request: Buffer): void
      submit(expectsReply?: boolean): boolean
      /** Calls back once so many bytes are there. */
      get(bytes: number, callback: (bytes: Buffer) => void): void
    }
    AllocID(): number
    require(extension: 'record', callback: Callback<XRecord>): void
    require(extension: 'sync', callback: Callback<XSync>): void
    require(extension: 'xinput', callback: Callback<XInput>): void
    require(extension: 'xkb', callback: Callback<XKeyboard>): void
    require(extension: 'xtest', callback: Callback<Extension>): void
    require(extension: 'shm', callback: Callback<XShm>): void
    QueryExtension(name: string, callback: Callback<{ present: number; majorOpcode: number }>): void
    /** The place is that within the parent, of the border's outer corner; the size is that within the border. */
    GetGeometry(
      window: number,
      callback: Callback<{
        xPos: number
        yPos: number
        width: number
        height: number
        borderWidth: number
      }>,
    ): void
    /** `klass` 1: it can show something. `mapState` 2: it and all those around it are mapped. */
    GetWindowAttributes(
      window: number,
      callback: Callback<{ klass: number; mapState: number; overrideRedirect: number }>,
    ): void
    UnmapWindow(window: number): void
    QueryTree(window: number, callback: Callback<{ children: number[] }>): void
    GetImage(
      format: number,
      drawable: number,
      x: number,
      y: number,
      width: number,
      height: number,
      planeMask: number,
      callback: Callback<{ data: Buffer }>,
    ): void
    TranslateCoordinates(
      from: number,
      to: number,
      x: number,
      y: number,
      callback: Callback<{ destX: number; destY: number }>,
    ): void
    /** Depth, class and visual 0: those of the parent. Unmapped at first. */
    CreateWindow(
      window: number,
      parent: number,
      x: number,
      y: number,
      width: number,
      height: number,
      borderWidth: number,
      depth: number,
      windowClass: number,
      visual: number,
      values: { backgroundPixel?: number; overrideRedirect?: 1 },
    ): void
    MapWindow(window: number): void
    /** `format`: the bits of a unit. */
    ChangeProperty(
      mode: 0,
      window: number,
      property: number,
      type: number,
      format: 8 | 32,
      data: Buffer,
    ): void
    GetAtomName(atom: number, callback: Callback<string>): void
    InternAtom(onlyIfExists: boolean, name: string, callback: Callback<number>): void
    /** `length` in units of four bytes. */
    GetProperty(
      remove: 0,
      window: number,
      property: number,
      type: number,
      offset: number,
      length: number,
      callback: Callback<{ type: number; data: Buffer }>,
    ): void
    terminate(): void
    GetKeyboardMapping(first: number, count: number, callback: Callback<number[][]>): void
    QueryPointer(window: number, callback: Callback<{ rootX: number; rootY: number }>): void
    /** A round trip: everything sent before was processed when it resolves. */
    sync(): Promise<void>
    close(callback: Callback<void>): void
    on(event: 'error', listener: (error: Error) => void): void
    on(event: 'end', listener: () => void): void
    on(event: 'event', listener: (event: XAlarmNotify | { name: 'others' }) => void): void
  }
  /** A socket on which no encoding was set. */
  export type Extension = { majorOpcode: number; firstEvent: number }
  export type XInput = Extension & {
    AllDevices: number
    XIQueryDevice(device: number, callback: Callback<{ deviceId: number; use: number; name: string }[]>): void
  }
  export type XKeyboard = Extension & {
    UseCoreKbd: number
    GetControls(device: number, callback: Callback<{ enabledControls: number }>): void
  }
  export type XSync = Extension & {
    ListSystemCounters(callback: Callback<{ counter: number; name: string }[]>): void
    QueryCounter(counter: number, callback: Callback<number>): void
    ValueType: { Absolute: number }
    TestType: { PositiveTransition: number; NegativeTransition: number }
    CreateAlarm(
      alarm: number,
      when: {
        counter: number
        valueType: number
        value: number
        testType: number
        delta: number
        events: boolean
      },
    ): void
  }
  export type XAlarmNotify = { name: 'AlarmNotify'; alarm: number; counterValue: number }
  export type XShm = Extension & {
    /** Whether the connection and the server can pass file descriptors. */
    fdCapable: boolean
    AttachFd(segment: number, fd: number, readOnly: boolean, callback: Callback<void>): void
    Detach(segment: number): void
    GetImage(
      drawable: number,
      x: number,
      y: number,
      width: number,
      height: number,
      planeMask: number,
      format: number,
      segment: number,
      offset: number,
      callback: Callback<{ size: number }>,
    ): void
  }
  export type XRecord = Extension & {
    CS: { AllClients: number }
    CreateContext(
      context: number,
      elementHeader: number,
      clients: number[],
      ranges: { deviceEvents: { first: number; last: number } }[],
    ): void
    EnableContext(context: number, onData: () => void, done: () => void): void
  }
  export type XScreen = {
    root: number
    root_depth: number
    root_visual: number
    /** By depth and number; the masks are 0 where colours are looked up in a table. */
    depths: Record<number, Record<number, { red_mask: number; green_mask: number; blue_mask: number }>>
  }
  export type XDisplay = {
    client: XClient
    min_keycode: number
    max_keycode: number
    screen: [XScreen, ...XScreen[]]
    /** By depth. */
    format: Record<number, { bits_per_pixel: number; scanline_pad: number }>
    /** 0: the lowest byte first. */
    image_byte_order: number
  }

  const x11: {
    /** `shm: false` opens a plain socket, without the file descriptors that shared memory would need. */
    /** Given a stream, it says nothing of who we are unless `auth` is there, and undefined means ~/.Xauthority. */
    createClient(
      options: {
        display: string
        shm?: false
        stream?: import('node:net').Socket
        auth?: undefined
      },
      callback: Callback<XDisplay>,
    ): XClient
  }
  export default x11
}
