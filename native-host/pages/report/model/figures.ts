import { addTotals, noTotals, type ReportDay, type ReportTotals } from '../../../../protocol/report.ts'

export function totalsOf(days: readonly Pick<ReportDay, 'totals'>[]): ReportTotals {
  return days.reduce((sum, { totals }) => addTotals(sum, totals), noTotals)
}

export function daysIn<D extends { date: string }>(
  days: readonly D[],
  { from, to }: { from: string; to: string },
): D[] {
  return days.filter(({ date }) => date >= from && date <= to)
}

/** Flagged seconds that are part of the active ones: what was discarded is not. */
export function flaggedInActive({ totals, flags }: Pick<ReportDay, 'totals' | 'flags'>): number {
  const discarded = flags.reduce(
    (sum, flag) => (flag.discarded && !flag.withdrawn ? sum + flag.seconds : sum),
    0,
  )
  return Math.min(totals.active, Math.max(0, totals.flagged - discarded))
}
