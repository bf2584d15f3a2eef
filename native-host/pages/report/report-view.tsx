import { useEffect } from 'preact/hooks'
import type { ReportDevice } from '../../../protocol/report.ts'
import type { ReportPage } from '../../../protocol/report-page.ts'
import { Mark } from '../parts/mark.tsx'
import { Facts } from './facts.tsx'
import { Findings } from './findings.tsx'
import { daysIn } from './model/figures.ts'
import type { Route } from './model/route.ts'
import { Navigation } from './navigation.tsx'
import { People } from './people.tsx'
import { periodTitle } from './period-title.ts'
import { type Pictures, PicturesContext } from './pictures.ts'
import { text } from './text.ts'
import { useRoute } from './use-route.ts'
import { DayView } from './views/day-view.tsx'
import { MonthView } from './views/month-view.tsx'
import { WeekView } from './views/week-view.tsx'

export function ReportView({ page, pictures }: { page: ReportPage; pictures: Pictures }) {
  const { report } = page
  const route = useRoute(report)
  const device = report.devices[route.device]
  const title = periodTitle(route)
  useEffect(() => {
    document.title = text.pageTitle(title, device ? nameOf(device) : report.source)
  }, [title, device, report])

  return (
    <PicturesContext value={pictures}>
      <header class="top">
        <p class="brand">
          <Mark />
          {text.title}
        </p>
        <Facts report={report} device={device} />
      </header>
      <main data-view={route.view}>
        {device && <Findings device={device} ofAll={report.findings} />}
        <Navigation report={report} route={route} title={title} device={device} />
        {report.devices.length > 1 && <People report={report} route={route} />}
        {device ? (
          <PeriodView device={device} route={route} report={report} />
        ) : (
          <p class="card soft">{text.period.nothingYet}</p>
        )}
      </main>
      <footer class="soft small">{text.readable}</footer>
    </PicturesContext>
  )
}

type PeriodProps = { device: ReportDevice; route: Route; report: ReportPage['report'] }

function PeriodView({ device, route, report }: PeriodProps) {
  const days = daysIn(device.days, route)
  if (days.length === 0) {
    const isOutside = route.to < report.from || route.from > report.to
    return <p class="card soft">{isOutside ? text.period.outside : text.period.nothing}</p>
  }
  switch (route.view) {
    case 'day':
      return days.map(day => <DayView key={`${route.device} ${day.date}`} day={day} />)
    case 'week':
      return <WeekView device={device} days={days} route={route} report={report} />
    case 'month':
      return <MonthView device={device} days={days} route={route} report={report} />
    default:
      throw route.view satisfies never
  }
}

export function nameOf({ person, device }: Pick<ReportDevice, 'person' | 'device'>): string {
  return person === '' ? device : person
}
