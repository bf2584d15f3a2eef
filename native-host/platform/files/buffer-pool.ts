/**
 * Memory that is used again. To allocate some hundred kilobytes for every object keeps the garbage collector busier
 * than everything else that is done with them.
 */
export type BufferPool = { readonly bytes: number; take(): Buffer; give(buffer: Buffer): void }

/** @param most as many are kept for later; others are released */
export function createBufferPool(bytes: number, most: number): BufferPool {
  const free: Buffer[] = []
  return {
    bytes,
    take: () => free.pop() ?? Buffer.allocUnsafeSlow(bytes),
    give(buffer) {
      if (free.length < most && !free.includes(buffer)) free.push(buffer)
    },
  }
}
