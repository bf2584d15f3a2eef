import type { Report, ReportDay, ReportDevice } from '../../../../protocol/report.ts'
import { Calendar } from '../calendar.tsx'
import { Figures } from '../figures.tsx'
import { FlagsCard } from '../flags-card.tsx'
import { GapsCard } from '../gaps-card.tsx'
import { HeatMap } from '../heat-map.tsx'
import { HoursCard } from '../hours-card.tsx'
import { InputCard } from '../input-card.tsx'
import { totalsOf } from '../model/figures.ts'
import type { Route } from '../model/route.ts'

export type PeriodViewProps = {
  device: ReportDevice
  days: readonly ReportDay[]
  route: Route
  report: Report
}

export function WeekView({ device, days, route, report }: PeriodViewProps) {
  return (
    <>
      <Figures days={days} />
      <HeatMap days={days} period={route} device={route.device} />
      <div class="two">
        <div class="stack">
          <HoursCard days={days} name={csvName(route)} device={route.device} />
          <FlagsCard days={days} device={route.device} />
        </div>
        <div class="stack">
          <Calendar device={device} report={report} route={route} />
          <GapsCard days={days} />
          <InputCard totals={totalsOf(days)} />
        </div>
      </div>
    </>
  )
}

export function csvName({ from, to }: { from: string; to: string }): string {
  return `hours-${from}-${to}.csv`
}
