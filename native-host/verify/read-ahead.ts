export type ReadAhead<T> = {
  atOnce: number
  /** Of what is being read and waits for its turn, together. One that is larger is read alone. */
  mostBytes: number
  /** The most that reading it can take. */
  sizeOf(item: T): number
}

/**
 * Reads items in their order, several at once. A failure comes in its turn and is the end; what is under way then ends
 * unheard.
 * @throws what `items` and `read` throw
 */
export async function* readAhead<T, R>(
  items: AsyncIterable<T>,
  { atOnce, mostBytes, sizeOf }: ReadAhead<T>,
  read: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const coming = items[Symbol.asyncIterator]()
  const begun: { bytes: number; result: Promise<() => R> }[] = []
  let [bytes, last] = [0, await coming.next()]
  try {
    while (begun.length > 0 || !last.done) {
      while (!last.done && begun.length < atOnce) {
        const size = sizeOf(last.value)
        if (begun.length > 0 && bytes + size > mostBytes) break
        begun.push({ bytes: size, result: settled(read(last.value)) })
        bytes += size
        last = await coming.next()
      }
      const first = begun.shift()
      if (!first) continue
      const value = (await first.result)()
      yield value
      // Only now may its caller have let go of it.
      bytes -= first.bytes
    }
  } finally {
    await coming.return?.()
  }
}

/** A failure that waits for its turn is heard then, and not by the process before that. */
function settled<R>(reading: Promise<R>): Promise<() => R> {
  return reading.then(
    value => () => value,
    error => () => {
      throw error
    },
  )
}
