import { Calendar } from '../calendar.tsx'
import { Figures } from '../figures.tsx'
import { FlagsCard } from '../flags-card.tsx'
import { GapsCard } from '../gaps-card.tsx'
import { HeatMap } from '../heat-map.tsx'
import { HoursCard } from '../hours-card.tsx'
import { InputCard } from '../input-card.tsx'
import { totalsOf } from '../model/figures.ts'
import { csvName, type PeriodViewProps } from './week-view.tsx'

/** Printed, it is two pages: what there was, and the hours. */
export function MonthView({ device, days, route, report }: PeriodViewProps) {
  return (
    <>
      <Figures days={days} />
      <HeatMap days={days} period={route} device={route.device} />
      <div class="three">
        <Calendar device={device} report={report} route={route} />
        <GapsCard days={days} />
        <InputCard totals={totalsOf(days)} />
      </div>
      <div class="second-page">
        <HoursCard days={days} name={csvName(route)} device={route.device} />
        <FlagsCard days={days} device={route.device} />
      </div>
    </>
  )
}
