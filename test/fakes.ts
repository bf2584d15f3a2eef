import assert from 'node:assert/strict'
import type { ClientChannel } from '../native-host/clients/ports.ts'
import type { Destination } from '../native-host/delivery/ports.ts'
import type { InputEvent } from '../native-host/input/input-event.ts'
import type { InputSources } from '../native-host/input/input-sources.ts'
import type { InputSource, InputState } from '../native-host/input/ports.ts'
import type { Sealer } from '../native-host/journal/ports.ts'
import type { Log, LogEvent } from '../native-host/kernel/ports.ts'
import type { Network } from '../native-host/network/ports.ts'
import type { Power } from '../native-host/power/ports.ts'
import type { PresenceSources } from '../native-host/presence/ports.ts'
import type { PresenceReport } from '../native-host/presence/presence-sources.ts'
import type { ImageEditor, ScreenCapture } from '../native-host/screenshots/ports.ts'
import { AppError, type ErrorCode } from '../protocol/errors.ts'
import type { AgentMessage, ClientMessage } from '../protocol/messages.ts'
import { settle } from './manual-clock.ts'
import { bytesOf } from './support/sealed-bytes.ts'

/** Fakes of the ports; the clock is in manual-clock.ts and the stores are in fakes-storage.ts. */

/** A call that a test stops on its way and continues later. */
export type Hold = { readonly reached: boolean; release(): void }

function createStop() {
  let held: { reached: boolean; passed: PromiseWithResolvers<void> } | undefined
  return {
    /** The next one to pass waits until it is released. */
    hold(): Hold {
      const mine = { reached: false, passed: Promise.withResolvers<void>() }
      held = mine
      return {
        get reached() {
          return mine.reached
        },
        release() {
          if (held === mine) held = undefined
          mine.passed.resolve()
        },
      }
    },
    async pass(signal?: AbortSignal): Promise<void> {
      if (!held) return
      held.reached = true
      const aborted = Promise.withResolvers<never>()
      signal?.addEventListener('abort', () => aborted.reject(signal.reason), { once: true })
      await Promise.race([held.passed.promise, aborted.promise])
    },
  }
}

function createFault() {
  let fault: AppError | Error | undefined
  return {
    fail(code: ErrorCode | Error) {
      fault = typeof code === 'string' ? new AppError(code) : code
    },
    recover() {
      fault = undefined
    },
    check() {
      if (fault) throw fault
    },
  }
}

export function fakeInput() {
  let listener: Parameters<InputSource['listen']>[0] | undefined
  let last: InputEvent[] = []
  let listens = 0
  const input = {
    get listening() {
      return listener !== undefined
    },
    /** How often a caller began to listen. */
    get listens() {
      return listens
    },
    async listen(handlers, signal) {
      listens++
      listener = handlers
      handlers.onState({ kind: 'starting' })
      handlers.onState({ kind: 'counting' })
      if (!signal.aborted)
        await new Promise<void>(resolve =>
          signal.addEventListener('abort', () => setImmediate(resolve), { once: true }),
        )
      if (last.length > 0) handlers.onEvents(last)
      last = []
      listener = undefined
    },
    /** Nothing is seen without a listener. */
    happen(...events: InputEvent[]): void {
      listener?.onEvents(events)
    },
    /** What is still on its way when listening ends. */
    happenLate(...events: InputEvent[]): void {
      last = events
    },
    become(state: InputState): void {
      listener?.onState(state)
    },
    usePointerKeys(on: boolean): void {
      listener?.onPointerKeys?.(on)
    },
    /** Whether closer looks at the devices are asked for. */
    get closely(): boolean | undefined {
      return listener?.closely?.value
    },
    comeFrom(sources: InputSources): void {
      listener?.onSources?.(sources)
    },
  } satisfies InputSource & Record<string, unknown>
  return input
}

/** A picture says which grab and display it is of, so that tests can follow it to the outbox. */
export function fakeCapture() {
  const stop = createStop()
  const fault = createFault()
  let displays = 1
  let grabs = 0
  let shown: string | undefined
  return {
    hold: stop.hold,
    fail: fault.fail,
    recover: fault.recover,
    /** From now on every display looks like this, instead of like something new each time. */
    show(what: string) {
      shown = what
    },
    plugIn(count: number) {
      displays = count
    },
    get grabs() {
      return grabs
    },
    async grab(which, signal) {
      grabs++
      const grab = grabs
      await stop.pass(signal)
      signal.throwIfAborted()
      fault.check()
      const all = Array.from({ length: displays }, (_, index) => ({
        display: index + 1,
        monitor: { ...fakeMonitor, name: `monitor ${index + 1}`, x: index * fakeMonitor.width },
        picture: {
          form: 'encoded' as const,
          bytes: encoded(shown ?? `grab ${grab} of display ${index + 1}`),
        },
      }))
      return {
        grabs: which === 'all' ? all : all.slice(0, 1),
        displays,
        [Symbol.dispose]: () => undefined,
      }
    },
  } satisfies ScreenCapture & Record<string, unknown>
}

/** They stand beside each other, in a row. */
const fakeMonitor = { y: 0, width: 1920, height: 1080, scale: 1 }

export const fakeImageEditor: ImageEditor = {
  async encode(picture, { scalePercent, blur }) {
    const name = picture.form === 'encoded' ? textOf(picture.bytes) : picture.file
    const bytes = encoded(`${name} at ${scalePercent} %${blur ? ', blurred' : ''}`)
    const [width, height] = [1920 * (scalePercent / 100), 1080 * (scalePercent / 100)]
    return { bytes, format: 'webp', width, height }
  },
  async fingerprint(picture) {
    return picture.form === 'encoded' ? picture.bytes : encoded(picture.file)
  },
}

/** Seals with a word in front. `opened` is what a holder of the identity reads. */
export function fakeSealer(
  recipients: string[] = ['age1fake'],
): Sealer & { opened(sealed: Uint8Array): string } {
  const seal = (bytes: Uint8Array) => {
    if (recipients.length === 0) throw new AppError('NO_RECIPIENT')
    return encoded(`sealed:${textOf(bytes)}`)
  }
  return {
    recipients: () => recipients,
    async seal(bytes) {
      return seal(bytes)
    },
    async sealToReopen(bytes) {
      const sealed = seal(bytes)
      let kept = true
      const open = (again: Uint8Array) => {
        if (!kept || textOf(again) !== textOf(sealed)) throw new AppError('OPEN_FAILED')
        return bytes.slice()
      }
      const forget = () => {
        kept = false
      }
      return { sealed, opener: { open, forget } }
    },
    opened: sealed => textOf(sealed).replace(/^sealed:/, ''),
  }
}

export function fakePower(battery?: { percent: number; discharging: boolean }) {
  const fault = createFault()
  let now = battery
  return {
    fail: fault.fail,
    recover: fault.recover,
    set(next: typeof now) {
      now = next
    },
    async battery() {
      fault.check()
      return now
    },
  } satisfies Power & Record<string, unknown>
}

export function fakePresenceSigns() {
  const listeners = new Set<(sign: PresenceReport) => void>()
  let awake = false
  let questions = 0
  return {
    tell(sign: PresenceReport) {
      for (const listener of [...listeners]) listener(sign)
    },
    keepAwake(next: boolean) {
      awake = next
    },
    get watchers() {
      return listeners.size
    },
    /** How often a caller asked for what no source reports. */
    get questions() {
      return questions
    },
    async watch(onSign, signal) {
      if (signal.aborted) return
      listeners.add(onSign)
      await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
      listeners.delete(onSign)
    },
    async keptAwake() {
      questions++
      return awake
    },
  } satisfies PresenceSources & Record<string, unknown>
}

export function fakeNetwork({ metered = false } = {}) {
  const watchers = new Set<() => void>()
  return {
    become: (next: { metered: boolean }) => {
      metered = next.metered
    },
    /** A cable is plugged in, a network joined. */
    change() {
      for (const watcher of [...watchers]) watcher()
    },
    /** Watching costs something: a caller that does not wait does not watch. */
    get watchers() {
      return watchers.size
    },
    metered: async () => metered,
    watch(onChange, signal) {
      if (signal.aborted) return
      watchers.add(onChange)
      signal.addEventListener('abort', () => watchers.delete(onChange), { once: true })
    },
  } satisfies Network & Record<string, unknown>
}

export function fakeDestination(
  where = 'a fake place',
  { kind = 'folder', atOnce = 1 }: Partial<Pick<Destination, 'kind' | 'atOnce'>> = {},
) {
  const stop = createStop()
  const fault = createFault()
  const objects = new Map<string, string>()
  let tries = 0
  return {
    kind,
    atOnce,
    where,
    hold: stop.hold,
    fail: fault.fail,
    recover: fault.recover,
    /** In the order of their arrival. */
    objects: objects as ReadonlyMap<string, string>,
    get tries() {
      return tries
    },
    async put(key, bytes, signal) {
      tries++
      await stop.pass(signal)
      signal.throwIfAborted()
      fault.check()
      const text = textOf(await bytesOf(bytes))
      await bytes.proven()
      assert.equal(objects.get(key) ?? text, text, `${key} came with other bytes`)
      objects.set(key, text)
    },
  } satisfies Destination & Record<string, unknown>
}

export function fakeClient() {
  const said: ClientMessage[] = []
  const received: AgentMessage[] = []
  let wake = Promise.withResolvers<void>()
  let ending: { error?: Error } | undefined
  const end = (how: { error?: Error }) => {
    ending ??= how
    wake.resolve()
  }
  return {
    received: received as readonly AgentMessage[],
    get closed() {
      return ending !== undefined
    },
    async say(...messages: ClientMessage[]): Promise<void> {
      said.push(...messages)
      wake.resolve()
      await settle()
    },
    async leave(): Promise<void> {
      end({})
      await settle()
    },
    /** Sends something that cannot be read. */
    async garble(code: ErrorCode): Promise<void> {
      end({ error: new AppError(code) })
      await settle()
    },
    send(message) {
      if (!ending || ending.error) received.push(structuredClone(message))
    },
    close: () => end({}),
    messages: (async function* () {
      for (;;) {
        for (let message = said.shift(); message; message = said.shift()) yield message
        if (ending?.error) throw ending.error
        if (ending) return
        await wake.promise
        wake = Promise.withResolvers()
      }
    })(),
  } satisfies ClientChannel & Record<string, unknown>
}

export function fakeLog(): Log & { lines: readonly LogEvent[] } {
  const lines: LogEvent[] = []
  return Object.assign((event: LogEvent) => void lines.push(event), { lines })
}

const encoded = (text: string) => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
