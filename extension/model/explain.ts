import { errorRows, type Problem } from '../../protocol/errors.ts'

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
  // The code under which something waits stands in the command that answers it.
  const named = code === 'CONFIRMATION_WAITS' && detail !== undefined
  return {
    sentence,
    detail: named ? undefined : detail,
    next: command ? `${next.slice(0, command.index)}:` : next,
    command: named ? command?.[1]?.replace('CODE', detail) : command?.[1],
  }
}
