import { describeTotal } from '../../../extension/text/durations.ts'
import { words } from '../../../extension/text/local-words.ts'
import type { ReportDay } from '../../../protocol/report.ts'
import { dateWords } from '../parts/date-words.ts'
import { type HeatRow, heatLevel, heatRange, heatRow } from './model/heat.ts'
import { datesOf, type Period, periodOf } from './model/period.ts'
import { hashOf } from './model/route.ts'
import { text } from './text.ts'

type Props = { days: readonly ReportDay[]; period: Period; device: number }

/** Half hours of each date, darker with more active time. */
export function HeatMap({ days, period, device }: Props) {
  const byDate = new Map(days.map(day => [day.date, heatRow(day)]))
  const range = heatRange([...byDate.values()])
  const most = Math.max(1, ...days.map(({ totals }) => totals.active))
  const hours = Array.from({ length: (range.to - range.from) / 2 }, (_, place) => range.from / 2 + place)
  return (
    <section class="card heat" data-testid="heat-map">
      <div class="row head">
        <h2>{text.heat.heading}</h2>
        <Scale />
      </div>
      <div class="scroll">
        <table>
          <caption class="visually-hidden">{text.heat.caption}</caption>
          <thead>
            <tr>
              <th scope="col">
                <span class="visually-hidden">{text.heat.day}</span>
              </th>
              {hours.map(hour => (
                <th key={hour} scope="colgroup" colSpan={2} data-minor={hours.length > 13 && hour % 2 === 1}>
                  {words.hour(hour)}
                </th>
              ))}
              <th scope="col" class="end">
                {text.heat.total}
              </th>
            </tr>
          </thead>
          <tbody>
            {datesOf(period).map(date => {
              const row = byDate.get(date)
              return (
                <tr key={date}>
                  <th scope="row">
                    {row ? (
                      <a href={hashOf({ ...periodOf('day', date), device })}>{dateWords.short(date)}</a>
                    ) : (
                      <span class="soft">{dateWords.short(date)}</span>
                    )}
                  </th>
                  <Cells row={row} range={range} />
                  <td class="end">
                    <i class="total" aria-hidden="true" style={{ width: totalWidth(row, most) }} />
                    {row ? describeTotal(row.day.totals.active) : '–'}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      <p class="soft small screen-only">{text.heat.hint}</p>
    </section>
  )
}

function Cells({ row, range }: { row: HeatRow | undefined; range: { from: number; to: number } }) {
  return Array.from({ length: range.to - range.from }, (_, place) => {
    const { active = 0, flagged = 0 } = row?.cells[range.from + place] ?? {}
    const said =
      flagged > 0
        ? text.heat.cellFlagged(describeTotal(active), describeTotal(flagged))
        : text.heat.cell(describeTotal(active))
    return (
      <td key={place} class="cell" title={active + flagged > 0 ? said : undefined}>
        <i data-level={heatLevel(active)} data-flagged={flagged > 0} />
        {active + flagged > 0 && <span class="visually-hidden">{said}</span>}
      </td>
    )
  })
}

function totalWidth(row: HeatRow | undefined, most: number): string {
  return `${((row?.day.totals.active ?? 0) / most) * 60}px`
}

function Scale() {
  return (
    <p class="scale soft small" aria-hidden="true">
      {text.heat.least}
      {[1, 2, 3, 4, 5].map(level => (
        <i key={level} data-level={level} />
      ))}
      {text.heat.most}
      <i data-flagged="true" />
      {text.heat.flagged}
    </p>
  )
}
