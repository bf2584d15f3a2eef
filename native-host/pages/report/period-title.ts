import { dateWords } from '../parts/date-words.ts'
import { type Period, weekNumberOf } from './model/period.ts'
import { text } from './text.ts'

export function periodTitle({ view, from, to }: Period): string {
  switch (view) {
    case 'day':
      return dateWords.day(from)
    case 'week':
      return text.period.week(weekNumberOf(from).week, dateWords.span(from, to))
    case 'month':
      return dateWords.month(from)
    default:
      throw view satisfies never
  }
}
