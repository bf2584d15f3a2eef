import { Writable } from 'node:stream'
import { escapeControls } from '../../../protocol/escape-controls.ts'
import { createAnswers } from './answers.ts'

type Answers = ReturnType<typeof createAnswers>

/**
 * The terminal, or the files and pipes that stand in for it. Text leaves as lines, and what in foreign text would
 * control a terminal or end a line is escaped here, at the one exit.
 */
export function processTerminal() {
  const { stdin, stdout, stderr } = process
  // `activity-tracker open … | head` ends the pipe early; that is no failure.
  stdout.on('error', error => {
    if ('code' in error && error.code === 'EPIPE') process.exit()
    throw error
  })
  const answers = createAnswers(stdin)
  const overwrites = stderr.isTTY === true
  let shown = ''
  const show = (text: string) => {
    if (!overwrites) return
    const line = escapeControls(text)
    stderr.write(`\r${line.padEnd(shown.length)}${line === '' ? '\r' : ''}`)
    shown = line
  }
  const wipe = () => {
    if (shown !== '') show('')
  }
  const send = (bytes: string | Uint8Array) =>
    new Promise<void>((resolve, reject) => stdout.write(bytes, error => (error ? reject(error) : resolve())))
  return {
    out(lines: readonly string[]) {
      wipe()
      return send(textOf(lines))
    },
    write: (bytes: Uint8Array) => send(stdout.isTTY ? onScreen(bytes) : bytes),
    err(lines: readonly string[]) {
      wipe()
      stderr.write(textOf(lines))
    },
    show,
    interactive: stdin.isTTY === true && stderr.isTTY === true,
    overwrites,
    hush: () => answers.hush(),
    ask: (question: string) => ask(answers, question, 'seen'),
    askSecret: (question: string) => ask(answers, question, 'secret'),
  }
}

function textOf(lines: readonly string[]): string {
  return lines.map(line => `${escapeControls(line)}\n`).join('')
}

/** Bytes that a person looks at are text; in files and pipes they stay what they are. */
function onScreen(bytes: Uint8Array): string {
  return textOf(new TextDecoder().decode(bytes).replace(/\n$/, '').split('\n'))
}

/** On stderr, so that a question is seen when the result goes into a file. Ctrl+D is no answer: "". */
async function ask(answers: Answers, question: string, answered: 'seen' | 'secret'): Promise<string> {
  if (answered === 'secret') process.stderr.write(question)
  try {
    const answer = await answers.next(question, answered === 'seen' ? process.stderr : silence())
    // The cursor still stands behind the question.
    if (answer === '\n' || answered === 'secret') process.stderr.write('\n')
    return answer.trim()
  } catch (error) {
    process.stderr.write('\n')
    throw error
  }
}

/** Shows nothing of what readline repeats of an answer. */
function silence(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() })
}
