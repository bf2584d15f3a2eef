import type { XClient } from 'x11'
import { budgets } from '../../kernel/budgets.ts'

/** Behind the 8 bytes that say a length there are 24 before what that length counts (X11 protocol, appendix B). */
const fixedBytes = 24

/**
 * The library keeps what a server announces until all of it is there, and that can be 16 GiB. Here the connection ends
 * when a reply or an event says that it is longer than its budget.
 */
export function boundReplies(client: XClient, onExcess: (cause: Error) => void): void {
  const { pack_stream: stream } = client
  const get = stream.get.bind(stream)
  stream.get = (bytes, callback) => {
    if (bytes <= fixedBytes + budgets.xReply.most) return get(bytes, callback)
    client.stream.destroy()
    onExcess(new RangeError(`X announces ${bytes} bytes`))
  }
}
