import type { Report, ReportDevice } from '../../../protocol/report.ts'
import { dateWords } from '../parts/date-words.ts'
import { text } from './text.ts'

/** Whose report it is, of which dates, from where, and how far it is proven. */
export function Facts({ report, device }: { report: Report; device: ReportDevice | undefined }) {
  const words = text.facts
  const proven = device?.proven_to
  const rows: [term: string, value: string][] = [
    ...(device
      ? ([
          [words.person, device.person || words.noPerson],
          [words.device, device.device],
        ] as const)
      : []),
    [words.span, dateWords.span(report.from, report.to)],
    [words.source, report.source],
    [words.made, dateWords.instant(report.made_at)],
    ...(device ? [[words.proven, proven ? dateWords.instant(proven) : words.nothingProven] as const] : []),
  ].map(([term = '', value = '']) => [term, value])
  return (
    <dl class="facts small">
      {rows.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
