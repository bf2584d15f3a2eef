import { describeTotal } from '../../../extension/text/durations.ts'
import { words } from '../../../extension/text/local-words.ts'
import { activityPercent, type ReportDay } from '../../../protocol/report.ts'
import { totalsOf } from './model/figures.ts'
import { gapsOf } from './model/happenings.ts'
import { isUnwanted } from './model/unwanted.ts'
import { text } from './text.ts'

type Figure = { term: string; value: Part[]; note: string; tone?: 'warn'; noteTone?: 'stop' }
type Part = [amount: string, unit: string]

/** The totals of what is shown. */
export function Figures({ days }: { days: readonly ReportDay[] }) {
  return (
    <dl class="card figures" aria-label={text.figures.label}>
      {figuresOf(days).map(({ term, value, note, tone, noteTone }) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd class="value" data-tone={tone}>
            {value.map(([amount, unit]) => (
              <span key={unit}>
                {amount} <small>{unit}</small>{' '}
              </span>
            ))}
          </dd>
          <dd class="soft" data-tone={noteTone}>
            {note}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function figuresOf(days: readonly ReportDay[]): Figure[] {
  const said = text.figures
  const totals = totalsOf(days)
  const gaps = gapsOf(days)
  const pauses = gaps.filter(({ span }) => span.lane === 'paused').reduce((sum, { count }) => sum + count, 0)
  const unwanted = gaps.filter(({ span }) => isUnwanted(span)).reduce((sum, { seconds }) => sum + seconds, 0)
  const withActivity = days.filter(day => day.totals.active > 0).length
  return [
    { term: said.active, value: lengthOf(totals.active), note: said.ofThere(describeTotal(totals.there)) },
    ...(days.length > 1
      ? [
          {
            term: said.days,
            value: [[words.number(withActivity), '']] satisfies Part[],
            note: said.average(describeTotal(Math.round(totals.active / Math.max(1, withActivity)))),
          },
        ]
      : []),
    {
      term: said.activity,
      value: [[words.number(Math.round(activityPercent(totals))), said.percent]],
      note: said.activityOf(describeTotal(totals.there + totals.idle)),
    },
    { term: said.idle, value: lengthOf(totals.idle), note: said.idleNote },
    { term: said.paused, value: lengthOf(totals.paused), note: pauses > 0 ? said.times(pauses) : '–' },
    {
      term: said.gaps,
      value: lengthOf(totals.gap),
      note: unwanted > 0 ? said.gapsAmiss(describeTotal(unwanted)) : said.gapsNote,
      ...(unwanted > 0 && { noteTone: 'stop' as const }),
    },
    {
      term: said.flagged,
      value: lengthOf(totals.flagged),
      note: totals.flagged > 0 ? said.flaggedNote : said.noFlags,
      ...(totals.flagged > 0 && { tone: 'warn' as const }),
    },
  ]
}

/** As `describeTotal` says it, in parts. */
function lengthOf(seconds: number): Part[] {
  const { hours, minutes, seconds: sign } = text.figures
  const [h, min] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)]
  if (h > 0)
    return [[words.number(h), hours], ...(min > 0 ? [[words.number(min), minutes] satisfies Part] : [])]
  if (min > 0) return [[words.number(min), minutes]]
  return seconds > 0 ? [[words.number(seconds), sign]] : [['0', minutes]]
}
