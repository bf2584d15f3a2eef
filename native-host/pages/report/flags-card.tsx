import { timesOf } from '../../../extension/text/lane-words.ts'
import { words } from '../../../extension/text/local-words.ts'
import type { ReportDay } from '../../../protocol/report.ts'
import { dateWords } from '../parts/date-words.ts'
import { FlagDetail } from './flag-detail.tsx'
import { periodOf } from './model/period.ts'
import { hashOf } from './model/route.ts'
import { text } from './text.ts'

const mostShown = 8

/** What was flagged in several days, with the day that has the rest. */
export function FlagsCard({ days, device }: { days: readonly ReportDay[]; device: number }) {
  const flags = days.flatMap(day => day.flags.map(flag => ({ day, flag })))
  const more = flags.length - mostShown
  return (
    <section class="card" data-testid="flags">
      <h2>{text.flags.heading}</h2>
      {flags.length === 0 && <p class="soft">{text.flags.none}</p>}
      <ul class="flags">
        {flags.slice(0, mostShown).map(({ day, flag }) => (
          <li key={`${day.date} ${flag.from}`}>
            <a href={hashOf({ ...periodOf('day', day.date), device })}>
              {dateWords.short(day.date)}, {timesOf(flag, day, words)}
            </a>
            <div>
              <FlagDetail flag={flag} />
            </div>
          </li>
        ))}
      </ul>
      {more > 0 && <p class="soft small">{text.flags.more(more)}</p>}
    </section>
  )
}
