import { once } from 'node:events'
import { connect } from 'node:net'
import * as v from 'valibot'
import { createFrameDecoder, encodeFrame, maxBytesIn, maxBytesOut } from '../../protocol/framing.ts'
import { type AgentMessage, agentMessageSchema, protocolVersion } from '../../protocol/messages.ts'
import type { Status } from '../../protocol/status.ts'
import { waitFor } from './wait-for.ts'

/** A client of the agent's socket that keeps every byte that it is sent. */
export type AgentTap = Disposable & {
  /** The latest; waits for the first. */
  status(): Promise<Status>
  settings(): Promise<Record<string, unknown>>
  /** All that came so far. */
  bytes(): Buffer
  ended(): boolean
}

export async function tapAgent(socketPath: string): Promise<AgentTap> {
  const socket = connect(socketPath)
  await once(socket, 'connect')
  const decoder = createFrameDecoder(maxBytesOut)
  const chunks: Buffer[] = []
  const latest: { status?: Status; settings?: Record<string, unknown> } = {}
  let ended = false
  const take = (message: AgentMessage) => {
    if (message.type === 'status') latest.status = message.status
    if (message.type === 'settings') latest.settings = message.settings
  }
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    for (const message of decoder.push(chunk)) take(v.parse(agentMessageSchema, message))
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    ended = true
  })
  const hello = {
    type: 'hello',
    protocol: protocolVersion,
    version: '0',
    program: 'command-line',
    name: 'test',
  }
  for (const message of [hello, { type: 'subscribe', live: true }])
    socket.write(encodeFrame(message, maxBytesIn))
  return {
    status: () => waitFor('a status', () => latest.status),
    settings: () => waitFor('the settings', () => latest.settings),
    bytes: () => Buffer.concat(chunks),
    ended: () => ended,
    [Symbol.dispose]: () => void socket.destroy(),
  }
}
