import { words } from '../../../extension/text/local-words.ts'
import { describeTotals } from '../../../extension/text/picture-words.ts'
import { DayPicture } from '../../../extension/ui/day-picture/day-picture.tsx'
import type { ReportPage } from '../../../protocol/report-page.ts'

export function ReportView({ page }: { page: ReportPage }) {
  return (
    <main>
      {page.report.devices.flatMap(({ days }) =>
        days.map(day => (
          <section key={day.date} class="card">
            <h2>{words.day(day.date)}</h2>
            <DayPicture day={day} summary={describeTotals(day.totals)} />
          </section>
        )),
      )}
    </main>
  )
}
