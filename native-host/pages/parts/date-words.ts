import { timeStyleOf } from '../../../extension/text/instants.ts'

const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
const { locale, hourCycle } = timeStyleOf(navigator.language, zone)
const plain = (form: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(locale, { ...form, timeZone: 'UTC' })
const forms = {
  day: plain({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
  short: plain({ weekday: 'short', day: 'numeric' }),
  span: plain({ day: 'numeric', month: 'long', year: 'numeric' }),
  month: plain({ month: 'long', year: 'numeric' }),
  instant: new Intl.DateTimeFormat(locale, {
    ...{ day: 'numeric', month: 'short', year: 'numeric' },
    ...{ hour: '2-digit', minute: '2-digit', timeZone: zone, timeZoneName: 'short' },
    ...(hourCycle && { hourCycle }),
  }),
}

/** Dates of a calendar, and moments in the zone of whoever reads. */
export const dateWords = {
  /** `Thursday, 8 October 2026` */
  day: (date: string) => forms.day.format(Date.parse(date)),
  /** `Thu 8` */
  short: (date: string) => forms.short.format(Date.parse(date)),
  /** `5–11 October 2026` */
  span: (from: string, to: string) => forms.span.formatRange(Date.parse(from), Date.parse(to)),
  month: (date: string) => forms.month.format(Date.parse(date)),
  /** `2 Nov 2026, 09:15 CET` */
  instant: (instant: string) => forms.instant.format(Date.parse(instant)),
}
