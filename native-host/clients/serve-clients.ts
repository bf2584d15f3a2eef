import { commandLineName, passesForComputer } from '../../protocol/client-name.ts'
import type { ConnectionReport } from '../../protocol/connection-check.ts'
import type { Day } from '../../protocol/day.ts'
import { AppError, toProblem } from '../../protocol/errors.ts'
import { type ClientMessage, checkProtocol, protocolVersion } from '../../protocol/messages.ts'
import type { SessionVariables } from '../../protocol/session-variables.ts'
import {
  parseSettingName,
  parseSettingValue,
  type SettingName,
  type Settings,
  settingRows,
} from '../../protocol/settings.ts'
import type { Status } from '../../protocol/status.ts'
import { unlessAborted } from '../kernel/lifetime.ts'
import type { Clock, Log } from '../kernel/ports.ts'
import { createSignal, type ReadonlySignal, type Signal, watch } from '../kernel/signals.ts'
import { stackFrames } from '../kernel/stack-frames.ts'
import type { Asker } from '../privacy/asker.ts'
import type { AskedBrowser, Picture, WindowQuestions } from '../screenshots/ports.ts'
import type { ClientChannel } from './ports.ts'

/** What clients may ask for. Each may throw an AppError, which becomes the answer. */
export type Commands = {
  acknowledge(textVersion: number, asker: Asker): void | Promise<void>
  /** `by`: the name of who asks, for the records. */
  pause(until: string | null, by: string): void | Promise<void>
  resume(by: string): void | Promise<void>
  screenshotNow(by: string): Promise<void>
  skipScreenshot(by: string): void
  previewHeld(object: string, size: 'small' | 'large', asker: Asker): Promise<Picture>
  unlockPictures(asker: Asker): void
  undoWeakening(by: string): Promise<void>
  confirm(code: string, answer: 'accept' | 'refuse'): Promise<void>
  blurHeld(object: string, by: string): Promise<void>
  deleteHeld(object: string, by: string): Promise<void>
  withdrawVerdict(from: string, to: string, by: string): void
  dayOf(date: string): Day
  /** Until `signal` aborts. */
  recordInput(onLines: (lines: string) => void, signal: AbortSignal): Promise<void>
  changeSetting<K extends SettingName>(name: K, value: Settings[K], asker: Asker): Promise<void>
  /** Tells of every change; ends early when `signal` aborts. */
  testConnection(onReport: (report: ConnectionReport) => void, signal: AbortSignal): Promise<void>
  reloadKeys(): Promise<void>
  /** A program of this person asks from a session of the desktop, perhaps another than the tracker's. */
  followSession(session: SessionVariables): void
  stop(): void
}

type Ports = {
  clock: Clock
  log: Log
  commands: Commands
  version: string
  settings: ReadonlySignal<Settings>
  status: () => Status
  windowQuestions: WindowQuestions
  /** Changes when the state, the saved counts or the queue did. */
  saved: ReadonlySignal<unknown>
  /** Changes when anything was counted. */
  counted: ReadonlySignal<unknown>
}

type Hello = Extract<ClientMessage, { type: 'hello' }>
type Command = Exclude<ClientMessage, { type: 'hello' | 'subscribe' | 'own-windows' }>

type Client = {
  channel: ClientChannel
  /** Settled by the first hello, for as long as it is connected. */
  asker: Asker | undefined
  /** Who may say hello next. */
  nextHello: readonly Hello['program'][]
  subscription: 'none' | 'saved' | 'live'
  /** Only the bridge says it, which the browser starts; an extension behind it cannot say another. */
  browserPid: number | undefined
  /** As an extension that can be asked for its windows. */
  browser: AskedBrowser | undefined
  /** Aborts when the client leaves. */
  left: AbortController
  testing: boolean
}

/** After a bridge comes its extension; nobody else may speak on the connection of another, or twice. */
const helloAfter: Record<Hello['program'], readonly Hello['program'][]> = {
  bridge: ['extension'],
  extension: [],
  'command-line': [],
}

export type Service = {
  /** How many browsers are connected, and how many clients in all. */
  clients: ReadonlySignal<{ browsers: number; all: number }>
  serve(channel: ClientChannel): void
  run(signal: AbortSignal): Promise<void>
}

/** Counts are pushed at most once in this time, so that typing costs next to nothing. */
const livePauseMs = 1000
const savedPauseMs = 100
/** A client that has not introduced itself by then is not one of ours. */
const helloTimeoutMs = 5000

export function createService(ports: Ports): Service {
  const { clock, log, commands, settings, status, windowQuestions } = ports
  const connected = new Set<Client>()
  const clients: Signal<{ browsers: number; all: number }> = createSignal({ browsers: 0, all: 0 })

  return {
    clients,

    serve(channel) {
      const client: Client = {
        channel,
        asker: undefined,
        nextHello: ['bridge', 'extension', 'command-line'],
        subscription: 'none',
        browserPid: undefined,
        browser: undefined,
        left: new AbortController(),
        testing: false,
      }
      connected.add(client)
      countClients()
      void serveClient(client).finally(() => {
        client.left.abort()
        connected.delete(client)
        if (client.browser) windowQuestions.leave(client.browser)
        channel.close()
        countClients()
      })
    },

    async run(signal) {
      watch(settings, current => broadcast({ type: 'settings', settings: current }), signal)
      await Promise.all([
        pushOnChange(ports.saved, savedPauseMs, () => sendStatus(connected), signal),
        pushOnChange(
          ports.counted,
          livePauseMs,
          () => sendStatus([...connected].filter(client => client.subscription === 'live')),
          signal,
        ),
      ])
    },
  }

  async function serveClient(client: Client): Promise<void> {
    const impatience = new AbortController()
    void clock
      .sleep(helloTimeoutMs, impatience.signal)
      .then(() => client.asker || client.channel.close())
      .catch(() => undefined)
    try {
      for await (const message of client.channel.messages) receive(client, message)
    } catch (error) {
      const problem = toProblem(error)
      log({ event: 'client-refused', ...problem, ...(problem.code === 'INTERNAL' && stackFrames(error)) })
      client.channel.send({ type: 'refused', problem })
    } finally {
      impatience.abort()
    }
  }

  function receive(client: Client, message: ClientMessage): void {
    if (message.type === 'hello') {
      welcome(client, message)
      return
    }
    const { asker } = client
    if (!asker) throw new AppError('MESSAGE_INVALID', { detail: 'hello has to come first' })
    switch (message.type) {
      case 'subscribe':
        client.subscription = message.live ? 'live' : 'saved'
        client.channel.send({ type: 'settings', settings: settings.value })
        client.channel.send({ type: 'status', status: status() })
        break
      case 'own-windows':
        if (client.browser) windowQuestions.take(client.browser, message.ask, message.windows)
        break
      default:
        // Not awaited: a browser's windows share one connection, and a pause must not wait for a slow screenshot.
        void answer(client, asker, message)
    }
  }

  async function answer(client: Client, asker: Asker, message: Command): Promise<void> {
    try {
      await dispatch(client, asker, message)
      client.channel.send({ type: 'done', id: message.id })
    } catch (error) {
      if (!(error instanceof AppError))
        log({ event: 'command-failed', code: 'INTERNAL', ...stackFrames(error) })
      client.channel.send({ type: 'failed', id: message.id, problem: toProblem(error) })
    }
  }

  /** What a client calls itself and what it may do is settled here, once. */
  function welcome(client: Client, { program, protocol, name, browser_pid, session }: Hello): void {
    checkProtocol(protocol)
    if (!client.nextHello.includes(program))
      throw new AppError('MESSAGE_INVALID', { detail: 'hello was said already' })
    const viaBrowser = program !== 'command-line'
    if (viaBrowser && passesForComputer(name))
      throw new AppError('MESSAGE_INVALID', { detail: 'a browser may not be called so' })
    client.nextHello = helloAfter[program]
    client.asker ??= { name: viaBrowser ? name : commandLineName, viaBrowser }
    if (program === 'bridge') client.browserPid ??= browser_pid
    // What is behind a bridge is a browser's page, which knows nothing of sessions.
    if (program !== 'extension' && session) commands.followSession(session)
    if (program === 'extension' && client.browserPid !== undefined) {
      client.browser = { send: message => client.channel.send(message), pid: client.browserPid }
      windowQuestions.join(client.browser)
    }
    client.channel.send({ type: 'welcome', protocol: protocolVersion, version: ports.version })
    countClients()
  }

  async function dispatch(client: Client, asker: Asker, message: Command): Promise<void> {
    const by = asker.name
    switch (message.type) {
      case 'acknowledge':
        return commands.acknowledge(message.text_version, asker)
      case 'pause':
        return commands.pause(message.until, by)
      case 'resume':
        return commands.resume(by)
      case 'screenshot-now':
        return commands.screenshotNow(by)
      case 'skip-screenshot':
        return commands.skipScreenshot(by)
      case 'preview-held': {
        const { id, object, size } = message
        const { bytes, format, width, height } = await commands.previewHeld(object, size, asker)
        return client.channel.send({
          type: 'held-preview',
          id,
          object,
          format,
          width,
          height,
          bytes: bytes.toBase64(),
        })
      }
      case 'unlock-pictures':
        return commands.unlockPictures(asker)
      case 'undo-weakening':
        return commands.undoWeakening(by)
      case 'confirm':
        refuseBrowser(asker, 'confirm')
        return commands.confirm(message.code, message.answer)
      case 'blur-held':
        return commands.blurHeld(message.object, by)
      case 'delete-held':
        return commands.deleteHeld(message.object, by)
      case 'withdraw-verdict':
        if (Date.parse(message.to) < Date.parse(message.from))
          throw new AppError('MESSAGE_INVALID', { detail: 'a span that ends before it begins' })
        return commands.withdrawVerdict(message.from, message.to, by)
      case 'show-day': {
        const { id, date } = message
        return client.channel.send({ type: 'day', id, day: commands.dayOf(date) })
      }
      case 'change-setting': {
        const name = parseSettingName(message.name)
        if (settingRows[name].changedFrom === 'computer') refuseBrowser(asker, name)
        return commands.changeSetting(name, parseSettingValue(name, message.value), asker)
      }
      case 'test-connection':
        return testConnection(client, message.id)
      case 'record-input':
        refuseBrowser(asker, 'record-input')
        return commands.recordInput(
          lines => client.channel.send({ type: 'recorded-input', id: message.id, lines }),
          client.left.signal,
        )
      case 'reload-keys':
        refuseBrowser(asker, 'keys')
        return commands.reloadKeys()
      case 'stop':
        refuseBrowser(asker, 'stop')
        return commands.stop()
      default:
        throw message satisfies never
    }
  }

  /** One at a time for each client: who asks again sooner gets no second walk. */
  async function testConnection(client: Client, id: string): Promise<void> {
    if (client.testing) throw new AppError('TEST_RUNNING')
    client.testing = true
    try {
      await commands.testConnection(
        report => client.channel.send({ type: 'connection-test', id, report }),
        client.left.signal,
      )
    } finally {
      client.testing = false
    }
  }

  function refuseBrowser(asker: Asker, what: string): void {
    if (asker.viaBrowser) throw new AppError('NOT_FROM_BROWSER', { detail: what })
  }

  function sendStatus(to: Iterable<Client>): void {
    const subscribed = [...to].filter(client => client.subscription !== 'none')
    if (subscribed.length === 0) return
    const message = { type: 'status', status: status() } as const
    for (const client of subscribed) client.channel.send(message)
  }

  function broadcast(message: Parameters<ClientChannel['send']>[0]): void {
    for (const client of connected) if (client.subscription !== 'none') client.channel.send(message)
  }

  function countClients(): void {
    const askers = [...connected].flatMap(({ asker }) => asker ?? [])
    clients.value = { browsers: askers.filter(({ viaBrowser }) => viaBrowser).length, all: askers.length }
  }

  /** Pushes after a change, and again after the pause if there was another: the last change is never missed. */
  async function pushOnChange(
    source: ReadonlySignal<unknown>,
    pauseMs: number,
    push: () => void,
    signal: AbortSignal,
  ): Promise<void> {
    let changed = Promise.withResolvers<void>()
    watch(source, () => changed.resolve(), signal)
    signal.addEventListener('abort', () => changed.resolve(), { once: true })
    while (!signal.aborted) {
      await changed.promise
      changed = Promise.withResolvers<void>()
      if (signal.aborted) return
      push()
      await unlessAborted(clock.sleep(pauseMs, signal), signal)
    }
  }
}
