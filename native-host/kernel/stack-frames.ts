/** Where an unexpected error came from, for the log: the frames only, since the message may quote data. */
export function stackFrames(error: unknown): { stack?: string } {
  if (!(error instanceof Error) || error.stack === undefined) return {}
  // The stack begins with the message, whose lines may look like frames.
  const message = error.stack.indexOf(error.message)
  if (message < 0) return {}
  const lines = error.stack.slice(message + error.message.length).split('\n')
  const frames = lines.filter(line => /^\s+at /.test(line))
  return { stack: frames.slice(0, 6).join('\n') }
}
