import { subscribe } from 'node:diagnostics_channel'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { budgets } from '../../../kernel/budgets.ts'

/** Sent by our own handler, which has limits of its own (s3-transport.ts). */
const ours = new WeakSet<object>()

export function hasOwnLimits(request: ClientRequest): void {
  ours.add(request)
}

/** For all of an answer. */
const lendingMs = 30_000

let isBounding = false

/**
 * The services that lend credentials to a computer or a container are asked by the SDK past our handler, and it
 * reads any answer of any length. Node reports every answer that a client gets: those without another bound end here.
 */
export function boundLentReplies(): void {
  if (isBounding) return
  isBounding = true
  subscribe('http.client.response.finish', message => {
    const { request, response } = message as { request: ClientRequest; response: IncomingMessage }
    if (!ours.has(request)) bound(response)
  })
}

function bound(response: IncomingMessage): void {
  const { socket } = response
  let taken = 0
  const timer = setTimeout(() => end('takes too long'), lendingMs)
  const count = (chunk: Buffer) => {
    taken += chunk.length
    if (taken > budgets.serverReply.most) end('is too long')
  }
  socket.on('data', count)
  response.once('close', () => {
    clearTimeout(timer)
    socket.off('data', count)
  })

  /** The connection has to fail: of an answer that is cut off the SDK would go on waiting for the end. */
  function end(why: string): void {
    socket.destroy(new Error(`an answer that lends credentials ${why}`))
  }
}
