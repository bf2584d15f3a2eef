import { hash } from 'node:crypto'
import type { Outbox, OutboxItem, SealedBytes } from '../../native-host/delivery/ports.ts'

/** Bytes in memory as an outbox gives them. */
export function sealedBytes(bytes: Uint8Array | string): SealedBytes & AsyncDisposable {
  const whole = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes
  return {
    size: whole.length,
    sha256: hash('sha256', whole),
    slice: async (from, to) => whole.slice(from, to),
    proven: async () => {},
    [Symbol.asyncDispose]: async () => undefined,
  }
}

export const bytesOf = (sealed: SealedBytes): Promise<Uint8Array> => sealed.slice(0, sealed.size)

/** All of the item's bytes. */
export async function readItem(outbox: Outbox, item: OutboxItem): Promise<Uint8Array> {
  await using sealed = await outbox.open(item)
  // A copy, which outlives the item.
  return Uint8Array.from(await bytesOf(sealed))
}
