import { randomUUID } from 'node:crypto'
import { lstat } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { dirname } from 'node:path'
import * as v from 'valibot'
import type { ConnectionReport } from '../../../protocol/connection-check.ts'
import { AppError } from '../../../protocol/errors.ts'
import { encodeFrame, maxBytesIn, maxBytesOut } from '../../../protocol/framing.ts'
import {
  type AgentMessage,
  type ClientMessage,
  checkProtocol,
  parseAgentMessage,
  protocolVersion,
  type WithoutId,
} from '../../../protocol/messages.ts'
import { problemSchema } from '../../../protocol/status.ts'
import { describeHolder } from '../../platform/files/lock-holder.ts'
import { atShortPath } from '../../platform/files/short-path.ts'
import { sessionIn } from '../../platform/process/session-environment.ts'
import { readFrames } from './frames.ts'
import { challenge } from './handshake.ts'
import { readToken } from './token.ts'

export type AgentConnection = {
  send(message: ClientMessage): void
  /** Ends when the agent closes. @throws AppError as it was refused */
  messages: AsyncIterableIterator<AgentMessage>
  close(): void
}

type Introduction = {
  program: 'bridge' | 'command-line'
  name: string
  version: string
  browser_pid?: number
}

/** An agent that runs answers within milliseconds; one that is stopped (SIGSTOP) never does. */
const answerWithinMs = 5000

/** Where the agent of a user is found, and how it is known. */
export type AgentAddress = {
  socket: string
  token: string
  /** To say which process it is that does not answer. */
  lockDb: string
}

/** @throws AppError as openSocket does */
export async function connectAgent(
  address: AgentAddress,
  introduction: Introduction,
  signal: AbortSignal,
): Promise<AgentConnection> {
  const socket = await openSocket(address, signal)
  const messages = parsed(socket)
  const connection: AgentConnection = {
    send: message => void socket.write(encodeFrame(message, maxBytesIn)),
    messages,
    close: () => void socket.destroy(),
  }
  connection.send(helloOf(introduction))
  const silence = setTimeout(() => socket.destroy(), answerWithinMs)
  try {
    const first = await messages.next()
    if (first.done || first.value.type !== 'welcome')
      throw new AppError('AGENT_UNREACHABLE', { detail: 'no answer' })
    checkProtocol(first.value.protocol)
    return connection
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    clearTimeout(silence)
  }
}

/**
 * A connection on which both sides have proved who they are, and no message was sent yet: for the bridge, which passes
 * bytes on without reading them.
 * @throws AppError AGENT_UNREACHABLE: no agent is there | AGENT_NOT_ANSWERING | AGENT_NOT_TRUSTED | AGENT_CROWDED |
 * PROTOCOL_MISMATCH
 */
export async function openSocket(address: AgentAddress, signal: AbortSignal): Promise<Socket> {
  await refuseForeignFolder(dirname(address.socket))
  const socket = await dial(address.socket, signal)
  let silent = false
  const silence = setTimeout(() => {
    silent = true
    socket.destroy()
  }, answerWithinMs)
  try {
    await challenge(
      () => firstMessage(socket),
      step => void socket.write(encodeFrame(step, maxBytesIn)),
      () => readToken(address.token),
    )
    return socket
  } catch (error) {
    socket.destroy()
    if (signal.aborted) throw signal.reason
    if (!silent) throw error
    const holder = describeHolder(address.lockDb)
    throw new AppError('AGENT_NOT_ANSWERING', holder === undefined ? {} : { detail: holder })
  } finally {
    clearTimeout(silence)
  }
}

/** Who owns the folder decides who may listen in it. */
async function refuseForeignFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const entry = await lstat(folder).catch(() => undefined)
  if (entry === undefined || (entry.isDirectory() && entry.uid === process.getuid?.())) return
  throw new AppError('AGENT_NOT_TRUSTED', { detail: `${folder} belongs to another user` })
}

function dial(socketPath: string, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = callAt(socketPath, signal)
    socket.once('connect', () => {
      socket.off('error', onError)
      // Later errors end the stream, and its reader notices.
      socket.on('error', () => undefined)
      resolve(socket)
    })
    socket.once('error', onError)
    function onError(cause: Error) {
      reject(signal.aborted ? signal.reason : new AppError('AGENT_UNREACHABLE', { cause }))
    }
  })
}

/** @throws AppError AGENT_UNREACHABLE when its folder is not there */
function callAt(socketPath: string, signal: AbortSignal): Socket {
  try {
    return atShortPath(socketPath, path => connect({ path, signal }))
  } catch (cause) {
    throw new AppError('AGENT_UNREACHABLE', { cause })
  }
}

/** Leaves the rest of the stream to the next reader. @throws AppError as it was refused */
async function firstMessage(socket: Socket): Promise<unknown> {
  const frames = readFrames(socket, maxBytesOut)
  const { done, value } = await frames.next()
  await frames.return(undefined)
  // It left without a word: it is ending, or was killed.
  if (done) throw new AppError('AGENT_UNREACHABLE', { detail: 'no answer' })
  throwRefusal(value)
  return value
}

/** An agent of another version may send more than is known here; all versions refuse in the same form. */
function throwRefusal(message: unknown): void {
  const refusal = v.safeParse(v.object({ type: v.literal('refused'), problem: problemSchema }), message)
  if (refusal.success) throw asError(refusal.output.problem)
}

export function helloOf(introduction: Introduction): ClientMessage {
  return { type: 'hello', protocol: protocolVersion, session: sessionIn(process.env), ...introduction }
}

type Request = Extract<ClientMessage, { id: string }>

/**
 * Sends one request and waits for its answer; `onReport` hears how far it gets.
 * @throws AppError as the agent answered, AGENT_UNREACHABLE when it left
 */
export async function request(
  connection: AgentConnection,
  message: WithoutId<Request>,
  onReport: (report: ConnectionReport) => void = () => undefined,
): Promise<void> {
  const id = randomUUID()
  connection.send({ ...message, id } as Request)
  for (;;) {
    const { done, value } = await connection.messages.next()
    if (done) throw new AppError('AGENT_UNREACHABLE', { detail: 'it stopped before it answered' })
    if (value.type === 'connection-test' && value.id === id) onReport(value.report)
    if (value.type === 'done' && value.id === id) return
    if (value.type === 'failed' && value.id === id) throw asError(value.problem)
  }
}

/**
 * Hears of every input event until `signal` aborts, which closes the connection.
 * @throws AppError as the agent answered, AGENT_UNREACHABLE when it left
 */
export async function recordInput(
  connection: AgentConnection,
  onLines: (lines: string) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const id = randomUUID()
  signal.addEventListener('abort', connection.close, { once: true })
  connection.send({ type: 'record-input', id })
  for await (const message of connection.messages) {
    if (message.type === 'recorded-input' && message.id === id) await onLines(message.lines)
    if (message.type === 'failed' && message.id === id) throw asError(message.problem)
  }
  if (!signal.aborted) throw new AppError('AGENT_UNREACHABLE', { detail: 'it stopped' })
}

async function* parsed(socket: Socket): AsyncGenerator<AgentMessage, undefined> {
  try {
    for await (const message of readFrames(socket, maxBytesOut)) {
      const agentMessage = parseAgentMessage(message)
      if (agentMessage.type === 'refused') throw asError(agentMessage.problem)
      yield agentMessage
    }
  } finally {
    socket.destroy()
  }
}

function asError(problem: { code: AppError['code']; detail?: string | undefined }): AppError {
  return new AppError(problem.code, problem.detail === undefined ? {} : { detail: problem.detail })
}
