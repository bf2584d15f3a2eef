import type { AgentMessage, ClientMessage } from '../../protocol/messages.ts'

/** One connected client, independent of the transport. */
export type ClientChannel = {
  /** Drops the message when the client is gone. Closes a client that does not read. */
  send(message: AgentMessage): void
  close(): void
  /** Parsed messages; ends when the client leaves. @throws AppError FRAME_* | MESSAGE_INVALID */
  messages: AsyncIterable<ClientMessage>
}
