/** What remains to be ended or removed should this process end in the middle of a test, the latest first. */
const left = new Set<() => void>()

process.once('exit', () => {
  for (const cleanUp of [...left].toReversed()) cleanUp()
})

/** Has `cleanUp` run when this process ends, unless the returned function was called by then. All share one listener. */
export function atExit(cleanUp: () => void): () => void {
  left.add(cleanUp)
  return () => void left.delete(cleanUp)
}
