import { addTotals, noTotals, type Report, type ReportDay, type ReportTotals } from '../../protocol/report.ts'
import { weekNameOf } from './period.ts'

export const groupings = ['day', 'week', 'month', 'device', 'person'] as const
export type Grouping = (typeof groupings)[number]

/** Days that are counted together. `device` is "" where a group spans several, and `period` where it spans all days. */
export type DayGroup = {
  person: string
  device: string
  period: string
  days: ReportDay[]
  totals: ReportTotals
  /** Up to when every device of it is proven; null when one is not. */
  proven_to: string | null
  findings: number
}

const periodOf: Record<Grouping, (date: string) => string> = {
  day: date => date,
  week: weekNameOf,
  month: date => date.slice(0, 7),
  device: () => '',
  person: () => '',
}

/** In the order of people, devices and time. */
export function groupDays({ devices }: Pick<Report, 'devices'>, by: Grouping): DayGroup[] {
  const groups = new Map<string, DayGroup>()
  const proofs = new Map<DayGroup, Set<(typeof devices)[number]>>()
  for (const reported of devices)
    for (const day of reported.days) {
      const { person } = reported
      const device = by === 'person' ? '' : reported.device
      const period = periodOf[by](day.date)
      const key = JSON.stringify([person, device, period])
      const group = groups.get(key) ?? { person, device, period, ...empty() }
      groups.set(key, group)
      group.days.push(day)
      group.totals = addTotals(group.totals, day.totals)
      const ofGroup = proofs.get(group) ?? new Set()
      proofs.set(group, ofGroup.add(reported))
    }
  for (const [group, ofGroup] of proofs) {
    const ends = [...ofGroup].map(({ proven_to }) => proven_to)
    group.proven_to = ends.reduce((a, b) => (a !== null && b !== null && a < b ? a : a === null ? a : b))
    group.findings = [...ofGroup].reduce((sum, { findings }) => sum + findings.length, 0)
  }
  return [...groups.values()].sort(
    (a, b) => compare(a.person, b.person) || compare(a.device, b.device) || compare(a.period, b.period),
  )
}

function empty(): Pick<DayGroup, 'days' | 'totals' | 'proven_to' | 'findings'> {
  return { days: [], totals: noTotals, proven_to: null, findings: 0 }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
