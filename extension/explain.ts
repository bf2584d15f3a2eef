import { errorRows, type Problem } from '../protocol/errors.ts'

export type Explanation = {
  sentence: string
  detail: string | undefined
  next: string
  /** The command that `next` ended with, to be copied. */
  command: string | undefined
}

/** The error table writes a command at the end of the next step, after a colon. No command goes on with a sentence. */
const commandAtEnd = /:\s+((?:activity-tracker|sudo|npm) (?:(?!\. [A-Z]).)+)$/

export function explain({ code, detail }: Problem): Explanation {
  const { sentence, next } = errorRows[code]
  const command = commandAtEnd.exec(next)
  return {
    sentence,
    detail,
    next: command ? `${next.slice(0, command.index)}:` : next,
    command: command?.[1],
  }
}
