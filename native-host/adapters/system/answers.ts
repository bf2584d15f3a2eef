import { createInterface } from 'node:readline/promises'
import { PassThrough, type Writable } from 'node:stream'
import { budgets } from '../../kernel/budgets.ts'
import { Interruption } from '../../kernel/interruption.ts'

type Input = NodeJS.ReadStream

/**
 * Answers that a person types or pastes, each question getting one line of them. What a terminal sends comes to readline
 * only as far as the end of the line that is asked for: it would repeat the rest of what was pasted on the screen, which
 * may be the secret that is asked for next, and lose it.
 */
export function createAnswers(stdin: Input) {
  let waiting = Buffer.alloc(0)
  let hasEnded = false
  let heardAt = 0
  /** While above 0 the terminal repeats nothing by itself. */
  let holders = 0
  let onMore: () => void = () => undefined

  const keep = (piece: Buffer) => {
    heardAt = performance.now()
    waiting = Buffer.concat([waiting, piece]).subarray(0, budgets.answerBytes.most)
    onMore()
  }
  const end = () => {
    hasEnded = true
    onMore()
  }

  function hold(): void {
    if (holders++ > 0) return
    stdin.setRawMode?.(true)
    stdin.on('data', keep).once('end', end).resume()
  }

  function release(): void {
    if (--holders > 0) return
    stdin.pause().off('data', keep).off('end', end)
    stdin.setRawMode?.(false)
  }

  return {
    /** Until it is disposed of, nothing is repeated but answers that may be seen. What is left of a paste is thrown away. */
    hush(): AsyncDisposable {
      hold()
      return {
        async [Symbol.asyncDispose]() {
          await untilQuiet()
          waiting = Buffer.alloc(0)
          release()
        },
      }
    },

    /** Ctrl+D is no answer: "\n". @throws Interruption at Ctrl+C */
    async next(question: string, output: Writable): Promise<string> {
      const feed = new PassThrough()
      const lines = createInterface({ input: feed, output, terminal: true })
      const ended = Promise.withResolvers<string>()
      lines.once('close', () => ended.resolve('\n'))
      lines.once('SIGINT', () => ended.reject(new Interruption()))
      lines.on('SIGTSTP', () => stopUntilCalled(() => lines.prompt(true)))
      hold()
      let isWhole = false
      onMore = () => {
        if (!isWhole && waiting.length > 0) {
          const line = takeLine()
          isWhole = isLineEnd(line.at(-1))
          feed.write(line)
        }
        if (!isWhole && hasEnded) feed.end()
      }
      try {
        const answer = lines.question(question)
        onMore()
        return await Promise.race([answer, ended.promise])
      } finally {
        onMore = () => undefined
        release()
        lines.close()
      }
    },
  }

  /** Up to and with its end, or all there is. */
  function takeLine(): Buffer {
    const at = waiting.findIndex(isLineEnd)
    const isPair = waiting[at] === carriageReturn && waiting[at + 1] === lineFeed
    const length = at === -1 ? waiting.length : at + (isPair ? 2 : 1)
    const line = waiting.subarray(0, length)
    waiting = waiting.subarray(length)
    return line
  }

  /** What was pasted comes in pieces; a shell would repeat, and even run, what comes after us. */
  async function untilQuiet(): Promise<void> {
    const begun = performance.now()
    do await new Promise(resolve => setTimeout(resolve, quietMs))
    while (performance.now() - heardAt < quietMs && performance.now() - begun < longestMs)
  }

  /** Ctrl+Z, as readline does it where it has the terminal itself. */
  function stopUntilCalled(goOn: () => void): void {
    stdin.setRawMode?.(false)
    process.once('SIGCONT', () => {
      stdin.setRawMode?.(true)
      goOn()
    })
    process.kill(process.pid, 'SIGTSTP')
  }
}

const quietMs = 50
const longestMs = 1000
const carriageReturn = 0x0d
const lineFeed = 0x0a

function isLineEnd(byte: number | undefined): boolean {
  return byte === carriageReturn || byte === lineFeed
}
