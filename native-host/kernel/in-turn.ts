/** Runs the given functions one after the other, in the order of the calls, even if an earlier one failed. */
export function createTurns() {
  let last: Promise<unknown> = Promise.resolve()

  return <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work)
    last = mine
    return mine
  }
}
