import { createInterface } from 'node:readline/promises'

/** The terminal, or the files and pipes that stand in for it. */
export function processTerminal() {
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
    /** Ctrl+C and Ctrl+D are no answer: "". */
    async ask(question: string): Promise<string> {
      // On stderr, so that a question is seen when the result goes into a file.
      const lines = createInterface({ input: stdin, output: stderr })
      const refused = new Promise<string>(resolve => {
        for (const event of ['SIGINT', 'close'] as const) lines.once(event, () => resolve('\n'))
      })
      try {
        const answer = await Promise.race([lines.question(question), refused])
        // The cursor still stands behind the question.
        if (answer === '\n') stderr.write(answer)
        return answer.trim()
      } finally {
        lines.close()
      }
    },
  }
}
