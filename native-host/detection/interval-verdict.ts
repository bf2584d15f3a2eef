import type { Genuineness } from '../../protocol/records.ts'
import { rulesVersion, type Stretch } from './detector.ts'
import type { Provenance, ProvenanceLimits } from './provenance.ts'

/** In monotonic milliseconds. */
export type Span = { from: number; to: number }

export type JudgedSpan = Span & { genuineness: Genuineness }

type Sources = Provenance & { verdict: ProvenanceLimits['injected'] }

/**
 * What does not look genuine of all that was until `now`: the time in which only programs made the input, for what
 * that is worth, and the stretches of the detector. Of spans that share time the later says more.
 *
 * The detector needs some events before anything speaks for a script: of a first jump it does not know the way. Where
 * the system says that programs had made the input already, the stretch begins with their first event.
 *
 * @param stretches those that ended since the last interval, and the one that goes on
 */
export function judgedSpans(
  stretches: readonly (Stretch | undefined)[],
  provenance: Sources,
  now: number,
  isoAt: (at: number) => string,
): JudgedSpan[] {
  const evidence = provenance.evidence ? [provenance.evidence] : []
  const { since: injectedSince, programsSince, verdict: worth } = provenance
  const earliest = worth === 'ignore' ? Number.POSITIVE_INFINITY : (programsSince ?? Number.POSITIVE_INFINITY)
  const found = stretches
    .filter(stretch => stretch !== undefined)
    .map(({ from: noticed, to, verdict, confidence, evidence: own }): JudgedSpan => {
      const from = Math.min(noticed, earliest)
      const since = isoAt(from)
      return {
        from,
        to,
        genuineness: { verdict, rules: rulesVersion, confidence, since, evidence: [...own, ...evidence] },
      }
    })
  if (injectedSince === undefined || worth === 'ignore') return found
  const injected = { verdict: worth, rules: rulesVersion, since: isoAt(injectedSince), evidence }
  return [{ from: injectedSince, to: now, genuineness: injected }, ...found]
}

/** The verdict on an interval: that of the last span which reaches into it. */
export function genuinenessOf(
  spans: readonly JudgedSpan[],
  { injectedSeconds, devices }: Provenance,
  interval: Span,
): Genuineness {
  const judged = spans.findLast(span => reachesInto(span, interval))
  return {
    ...(judged?.genuineness ?? { verdict: 'genuine', rules: rulesVersion, evidence: [] }),
    ...(injectedSeconds > 0 && {
      provenance: { injected_seconds: injectedSeconds, devices: [...devices] },
    }),
  }
}

export function reachesInto(span: Span, interval: Span): boolean {
  return span.to >= interval.from && span.from < interval.to
}
