import { describeAsker } from '../../protocol/client-name.ts'
import type { Confirmation } from '../../protocol/confirmation.ts'
import { formatMoment } from './format.ts'
import { text } from './text.ts'

/** What changes, from what to what, and who asks for it. The first line is the question. */
export function describeConfirmation(
  { by, question, changes, until }: Confirmation,
  today: { date: string; zone: string },
): [question: string, ...rest: string[]] {
  return [
    question,
    ...changes.map(({ what, from, to }) => `  ${text.confirm.change(what, from, to)}`),
    text.status.requestedBy(describeAsker(by), formatMoment(Temporal.Instant.from(until), today)),
  ]
}

export function howToAnswer({ code }: Confirmation): string {
  return text.status.howToAnswer(code)
}
