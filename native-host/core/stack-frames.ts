/** Where an unexpected error came from, for the log: the frames only, since the message may quote data. */
export function stackFrames(error: unknown): { stack?: string } {
  const frames =
    error instanceof Error ? error.stack?.split('\n').filter(line => /^\s+at /.test(line)) : undefined
  return frames ? { stack: frames.slice(0, 6).join('\n') } : {}
}
