import { createInterface } from 'node:readline/promises'

/** The terminal, or the files and pipes that stand in for it. */
export function processTerminal(signal: AbortSignal) {
  const { stdin, stdout, stderr } = process
  // `activity-tracker open … | head` ends the pipe early; that is no failure of anybody.
  stdout.on('error', error => {
    if ('code' in error && error.code === 'EPIPE') process.exit()
    throw error
  })
  return {
    out: (text: string | Uint8Array) =>
      new Promise<void>((resolve, reject) =>
        stdout.write(text, error => (error ? reject(error) : resolve())),
      ),
    err: (text: string) => void stderr.write(text),
    interactive: stdin.isTTY === true && stderr.isTTY === true,
    overwrites: stderr.isTTY === true,
    async ask(question: string): Promise<string> {
      // On stderr, so that a question is seen when the result goes into a file.
      const lines = createInterface({ input: stdin, output: stderr })
      try {
        return await lines.question(question, { signal })
      } finally {
        lines.close()
      }
    },
  }
}
