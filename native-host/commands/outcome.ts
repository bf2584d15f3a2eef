import type { Command } from 'commander'
import { type ErrorCode, errorRows, toProblem } from '../../protocol/errors.ts'
import { stackFrames } from '../kernel/stack-frames.ts'
import type { Terminal } from './context.ts'
import { text } from './text.ts'

/**
 * What a command has to say, in both forms. It is printed here and nowhere else. A line is one line with any
 * content: the terminal escapes what would end it.
 */
export type Outcome = { json: unknown; lines: readonly string[] }

/** Wraps the body of a command: what it returns is printed as text, or as one JSON value with --json; undefined is silence. */
export function reporting<A extends unknown[]>(
  terminal: Terminal,
  body: (...args: A) => Promise<Outcome | undefined>,
) {
  // commander passes the arguments, the command's own options, and the command itself.
  return async function (this: Command, ...args: A): Promise<void> {
    const outcome = await body(...args)
    if (!outcome) return
    await terminal.out(wantsJson(this) ? jsonLines(outcome.json) : outcome.lines)
  }
}

export function wantsJson(command: Command): boolean {
  return command.optsWithGlobals().json === true
}

export function jsonLines(json: unknown): string[] {
  return JSON.stringify(json, undefined, 2).split('\n')
}

/** An error as code, sentence and next step. Says nothing else, because a cause may quote what is secret. */
export function describeError(error: unknown): {
  code: ErrorCode
  lines: string[]
  json: unknown
  exit: number
} {
  const { code, detail } = toProblem(error)
  const { sentence, next, exit } = errorRows[code]
  // Where it happened, for a report. The message of such an error may quote anything.
  const { stack } = code === 'INTERNAL' ? stackFrames(error) : {}
  return {
    code,
    exit,
    lines: [
      `${code}: ${sentence}`,
      ...(detail === undefined ? [] : [`  ${detail}`]),
      text.next(next),
      ...(stack === undefined ? [] : stack.split('\n')),
    ],
    json: { error: { code, sentence, next, ...(detail !== undefined && { detail }), exit } },
  }
}
