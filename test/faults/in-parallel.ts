/** Does `work` for each of the things, `width` of them at a time, and tells it how many were done before. */
export async function inParallel<T>(
  width: number,
  things: Iterable<T>,
  work: (thing: T, done: number) => Promise<void>,
): Promise<void> {
  const left = Iterator.from(things)
  let done = 0
  const lanes = Array.from({ length: width }, async () => {
    for (let next = left.next(); !next.done; next = left.next()) {
      await work(next.value, done)
      done++
    }
  })
  await Promise.all(lanes)
}
