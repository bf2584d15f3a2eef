import { type Figure, fallsShort, type Outcome, type Scale } from './promise.ts'

/** What one run of one promise found, in words and in what the promises about all of them need. */
export type Row = {
  id: string
  promise: string
  verdict: 'kept' | 'FELL SHORT' | 'not measured'
  measured: string
  /** How often each fault really happened. */
  faults: string
  notes: string
  date: string
  /** Of the run that it comes from; of all of them together the smallest. */
  scale: Scale
  recoveries: number
  longestFreshMs: number
  faultKinds: number
  faultTotal: number
  rarestFault: number
}

export function rowOf(
  { id, promise }: { id: string; promise: string },
  outcome: Outcome,
  { date, scale }: { date: string; scale: Scale },
): Row {
  const none = { recoveries: 0, longestFreshMs: 0, faultKinds: 0, faultTotal: 0, rarestFault: 0 }
  if (outcome.kind === 'not here') {
    const { why } = outcome
    return {
      id,
      promise,
      verdict: 'not measured',
      measured: why,
      faults: '',
      notes: '',
      date,
      scale,
      ...none,
    }
  }
  const { figures, faults, freshMs, notes = [] } = outcome
  const counts = Object.values(faults)
  const rarestFault = counts.length === 0 ? 0 : Math.min(...counts)
  return {
    id,
    promise,
    verdict: rarestFault === 0 || figures.some(fallsShort) ? 'FELL SHORT' : 'kept',
    measured: figures.map(describeFigure).join(', '),
    faults: Object.entries(faults)
      .map(([name, count]) => `${formatted(count)} × ${name}`)
      .join(', '),
    notes: notes.join(' '),
    date,
    scale,
    recoveries: freshMs.length,
    longestFreshMs: Math.round(freshMs.reduce((most, each) => Math.max(most, each), 0)),
    faultKinds: counts.length,
    faultTotal: counts.reduce((sum, count) => sum + count, 0),
    rarestFault,
  }
}

/** P15: after every fault something new arrives in less than this. */
const freshWithinMs = 60_000

/** What is promised of all the faults together. */
export function rowsAboutAll(rows: readonly Row[]): Row[] {
  const measured = rows.filter(({ verdict }) => verdict !== 'not measured')
  const add = (of: (row: Row) => number) => measured.reduce((sum, row) => sum + of(row), 0)
  const date = rows.reduce((latest, row) => (row.date > latest ? row.date : latest), '')
  const scale = rows.every(row => row.scale === 'full') ? 'full' : 'fast'
  const recoveries = add(row => row.recoveries)
  const faults = add(row => row.faultTotal)
  const rarest = Math.min(...measured.map(row => row.rarestFault))
  const slowest = Math.max(...measured.map(row => row.longestFreshMs)) / 1000
  const all: [id: string, promise: string, figure: Figure, hit: string][] = [
    [
      'P15',
      'After every fault something new arrives within a minute',
      { what: 'the longest took', value: slowest, unit: 's', atMost: freshWithinMs / 1000 },
      `${formatted(recoveries)} recoveries`,
    ],
    [
      'P16',
      'Every window for a fault was really hit',
      { what: 'the rarest fault happened', value: rarest, unit: 'times', atLeast: 1 },
      `${formatted(faults)} faults of ${add(row => row.faultKinds)} kinds`,
    ],
  ]
  return all.map(([id, promise, figure, hit]) => ({
    ...rowOf(
      { id, promise },
      { kind: 'measured', figures: [figure], faults: { hit: 1 }, freshMs: [] },
      { date, scale },
    ),
    faults: hit,
  }))
}

function describeFigure(figure: Figure): string {
  const { what, value, unit, atMost, atLeast } = figure
  const limit = atMost ?? atLeast
  const counts = (atMost === 0 || atLeast === 1) && unit === undefined
  const bound =
    limit === undefined || counts
      ? ''
      : ` (${atMost === undefined ? 'at least' : 'at most'} ${formatted(limit)})`
  return `${what} ${formatted(value)}${unit === undefined ? '' : ` ${unit}`}${bound}${fallsShort(figure) ? ' ✗' : ''}`
}

function formatted(value: number): string {
  const digits = value < 100 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 0 }
  return value.toLocaleString('en', digits)
}

/** For the terminal. */
export function tableOf(rows: readonly Row[]): string {
  return rows
    .flatMap(({ id, promise, verdict, measured, faults, notes }) => [
      `${id.padEnd(4)} ${verdict.padEnd(12)} ${promise}`,
      ...[measured, faults, notes].filter(text => text !== '').map(text => `${' '.repeat(18)}${text}`),
    ])
    .join('\n')
}
