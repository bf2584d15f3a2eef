/**
 * Does the work for every item, some of them at the same time, in the order of the list. After a failure nothing new
 * is begun; what is under way is waited for, so that nothing goes on behind the caller's back.
 * @throws the first failure
 */
export async function inParallel<T>(
  atOnce: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values()
  let failure: { error: unknown } | undefined
  async function workThrough(): Promise<void> {
    for (const item of waiting) {
      if (failure) return
      try {
        await work(item)
      } catch (error) {
        failure ??= { error }
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, workThrough))
  if (failure) throw failure.error
}
