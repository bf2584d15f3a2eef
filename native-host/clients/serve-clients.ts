import { commandLineName, passesForComputer } from '../../protocol/client-name.ts'
import { AppError, toProblem } from '../../protocol/errors.ts'
import { type ClientMessage, checkProtocol, protocolVersion } from '../../protocol/messages.ts'
import type { Settings } from '../../protocol/settings.ts'
import type { Status } from '../../protocol/status.ts'
import type { Clock, Log } from '../kernel/ports.ts'
import type { ReadonlySignal } from '../kernel/signals.ts'
import { stackFrames } from '../kernel/stack-frames.ts'
import type { Asker } from '../privacy/asker.ts'
import type { WindowQuestions } from '../screenshots/ports.ts'
import type { Commands } from './commands.ts'
import { type Command, dispatch } from './dispatch.ts'
import type { ClientChannel } from './ports.ts'
import type { Client, ClientRegistry, Hello } from './registry.ts'

type Ports = {
  registry: ClientRegistry
  clock: Clock
  log: Log
  commands: Commands
  version: string
  settings: ReadonlySignal<Settings>
  status: () => Status
  windowQuestions: WindowQuestions
}

/** The extension of a bridge says hello after it. No other client may share a connection or say hello twice. */
const helloAfter: Record<Hello['program'], readonly Hello['program'][]> = {
  bridge: ['extension'],
  extension: [],
  'command-line': [],
}

/** A client that has not introduced itself by then is not one of ours. */
const helloTimeoutMs = 5000

/** Serves one client for as long as it is connected. */
export async function serveClient(ports: Ports, channel: ClientChannel): Promise<void> {
  const client = ports.registry.add(channel)
  try {
    await listenTo(ports, client)
  } finally {
    client.left.abort()
    ports.registry.remove(client)
    if (client.browser) ports.windowQuestions.leave(client.browser)
    channel.close()
  }
}

async function listenTo(ports: Ports, client: Client): Promise<void> {
  const { clock, log } = ports
  const impatience = new AbortController()
  void clock
    .sleep(helloTimeoutMs, impatience.signal)
    .then(() => client.asker || client.channel.close())
    .catch(() => undefined)
  try {
    for await (const message of client.channel.messages) receive(ports, client, message)
  } catch (error) {
    const problem = toProblem(error)
    log({ event: 'client-refused', ...problem, ...(problem.code === 'INTERNAL' && stackFrames(error)) })
    client.channel.send({ type: 'refused', problem })
  } finally {
    impatience.abort()
  }
}

function receive(ports: Ports, client: Client, message: ClientMessage): void {
  const { settings, status, windowQuestions } = ports
  if (message.type === 'hello') {
    welcome(ports, client, message)
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
      void answer(ports, client, asker, message)
  }
}

async function answer(
  { commands, log }: Ports,
  client: Client,
  asker: Asker,
  message: Command,
): Promise<void> {
  try {
    await dispatch(commands, client, asker, message)
    client.channel.send({ type: 'done', id: message.id })
  } catch (error) {
    if (!(error instanceof AppError))
      log({ event: 'command-failed', code: 'INTERNAL', ...stackFrames(error) })
    client.channel.send({ type: 'failed', id: message.id, problem: toProblem(error) })
  }
}

/** Fixes the name and the rights of a client, once. */
function welcome(ports: Ports, client: Client, hello: Hello): void {
  const { commands, windowQuestions } = ports
  const { program, protocol, name, browser_pid, session } = hello
  checkProtocol(protocol)
  if (!client.nextHello.includes(program))
    throw new AppError('MESSAGE_INVALID', { detail: 'hello was said already' })
  const viaBrowser = program !== 'command-line'
  if (viaBrowser && passesForComputer(name))
    throw new AppError('MESSAGE_INVALID', { detail: 'a browser may not be called so' })
  client.nextHello = helloAfter[program]
  client.asker ??= { name: viaBrowser ? name : commandLineName, viaBrowser }
  if (program === 'bridge') client.browserPid ??= browser_pid
  // Behind a bridge is an extension, which knows nothing of sessions.
  if (program !== 'extension' && session) commands.followSession(session)
  if (program === 'extension' && client.browserPid !== undefined) {
    client.browser = { send: message => client.channel.send(message), pid: client.browserPid }
    windowQuestions.join(client.browser)
  }
  client.channel.send({ type: 'welcome', protocol: protocolVersion, version: ports.version })
  ports.registry.recount()
}
