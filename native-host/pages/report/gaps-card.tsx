import { describeTotal } from '../../../extension/text/durations.ts'
import { capital } from '../../../extension/text/lane-words.ts'
import { words } from '../../../extension/text/local-words.ts'
import { describeGap } from '../../../protocol/gap-words.ts'
import type { ReportDay } from '../../../protocol/report.ts'
import { gapsOf } from './model/happenings.ts'
import { isUnwanted } from './model/unwanted.ts'
import { text } from './text.ts'

/** Why there are no records of a time, by cause. */
export function GapsCard({ days }: { days: readonly ReportDay[] }) {
  const gaps = gapsOf(days)
  return (
    <section class="card gaps" data-testid="gaps">
      <h2>{text.gaps.heading}</h2>
      {gaps.length === 0 ? (
        <p class="soft">{text.gaps.none}</p>
      ) : (
        <table>
          <caption class="visually-hidden">{text.gaps.caption}</caption>
          <thead>
            <tr>
              <th scope="col">{text.gaps.cause}</th>
              <th scope="col">{text.gaps.count}</th>
              <th scope="col">{text.gaps.total}</th>
            </tr>
          </thead>
          <tbody>
            {gaps.map(({ span, count, seconds }) => (
              <tr key={`${span.lane} ${span.cause}`} data-tone={isUnwanted(span) ? 'stop' : undefined}>
                <th scope="row">{capital(describeGap({ cause: span.cause }))}</th>
                <td>{words.number(count)}</td>
                <td>{describeTotal(seconds)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
