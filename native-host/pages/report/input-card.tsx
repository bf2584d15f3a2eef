import { text as shared } from '../../../extension/text/catalogue.ts'
import { words } from '../../../extension/text/local-words.ts'
import type { ReportTotals } from '../../../protocol/report.ts'
import { text } from './text.ts'

/** How much was typed and moved; never what. */
export function InputCard({ totals }: { totals: ReportTotals }) {
  const rows = [
    [text.day.keys, words.number(totals.keys)],
    [text.day.clicks, words.number(totals.clicks)],
    [text.day.wheel, words.number(totals.wheel)],
    [text.day.distance, `${words.number(totals.distance_px)} ${shared.units.signs.pixels}`],
  ] as const
  return (
    <section class="card">
      <h2>{text.day.input}</h2>
      <dl class="counts">
        {rows.map(([term, value]) => (
          <div key={term}>
            <dt class="soft">{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
