import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { type AgentAddress, openSocket } from '../../native-host/adapters/socket/agent-client.ts'
import { createFrameDecoder, encodeFrame, maxBytesIn, maxBytesOut } from '../../protocol/framing.ts'
import { type AgentMessage, agentMessageSchema, protocolVersion } from '../../protocol/messages.ts'
import type { Status } from '../../protocol/status.ts'
import { waitFor } from './wait-for.ts'

/** A connection to the agent that has proved whose it is, has said nothing yet, and keeps every byte that it is sent. */
export type AgentSocket = Disposable & {
  /** Several arrive together, so that an end that the agent makes after the first cannot come between them. */
  send(...messages: unknown[]): void
  sendBytes(bytes: Uint8Array): void
  messages: readonly AgentMessage[]
  bytes(): Buffer
  /** The agent closed the connection. */
  ended(): boolean
}

export async function openAgentSocket(address: AgentAddress): Promise<AgentSocket> {
  const socket = await openSocket(address, new AbortController().signal)
  const decoder = createFrameDecoder(maxBytesOut)
  const chunks: Buffer[] = []
  const messages: AgentMessage[] = []
  let ended = false
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    for (const message of decoder.push(chunk)) messages.push(v.parse(agentMessageSchema, message))
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    ended = true
  })
  const sendBytes = (bytes: Uint8Array) => void socket.write(bytes)
  return {
    send: (...messages) =>
      sendBytes(Buffer.concat(messages.map(message => encodeFrame(message, maxBytesIn)))),
    sendBytes,
    messages,
    bytes: () => Buffer.concat(chunks),
    ended: () => ended,
    [Symbol.dispose]: () => void socket.destroy(),
  }
}

export const helloOfTest = {
  type: 'hello',
  protocol: protocolVersion,
  version: '0',
  program: 'command-line',
  name: 'test',
} as const

/** A command line that receives every message live. */
export type AgentTap = Disposable & {
  /** The latest; waits for the first. */
  status(): Promise<Status>
  settings(): Promise<Record<string, unknown>>
  /** Sends one command and waits for its answer. */
  ask(command: { type: string; [field: string]: unknown }): Promise<AgentMessage>
  /** All that came so far. */
  bytes(): Buffer
  ended(): boolean
}

export async function tapAgent(address: AgentAddress): Promise<AgentTap> {
  const socket = await openAgentSocket(address)
  socket.send(helloOfTest)
  socket.send({ type: 'subscribe', live: true })
  const hope = () => !socket.ended()
  const latest = <T extends AgentMessage['type']>(type: T) =>
    waitFor(
      `a message of the agent: ${type}`,
      () =>
        socket.messages.findLast(
          (message): message is Extract<AgentMessage, { type: T }> => message.type === type,
        ),
      { hope },
    )
  return {
    status: async () => (await latest('status')).status,
    settings: async () => (await latest('settings')).settings,
    async ask(command) {
      const id = randomUUID()
      socket.send({ ...command, id })
      return waitFor(
        `an answer to ${command.type}`,
        () => socket.messages.find(message => 'id' in message && message.id === id),
        { hope },
      )
    },
    bytes: socket.bytes,
    ended: socket.ended,
    [Symbol.dispose]: () => socket[Symbol.dispose](),
  }
}
