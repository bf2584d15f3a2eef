import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'

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
    ask: (question: string) => ask(question, stderr),
    askSecret: (question: string) => ask(question, silentAfter(question)),
  }
}

/** On stderr, so that a question is seen when the result goes into a file. Ctrl+C and Ctrl+D are no answer: "". */
async function ask(question: string, output: NodeJS.WritableStream): Promise<string> {
  const lines = createInterface({ input: process.stdin, output, terminal: true })
  const refused = new Promise<string>(resolve => {
    for (const event of ['SIGINT', 'close'] as const) lines.once(event, () => resolve('\n'))
  })
  try {
    const answer = await Promise.race([lines.question(question), refused])
    // The cursor still stands behind the question.
    if (answer === '\n' || output !== process.stderr) process.stderr.write('\n')
    return answer.trim()
  } finally {
    lines.close()
  }
}

/** Shows the question, and nothing of what readline repeats of the answer. */
function silentAfter(question: string): Writable {
  process.stderr.write(question)
  return new Writable({ write: (_chunk, _encoding, done) => done() })
}
