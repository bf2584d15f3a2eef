import type { Genuineness } from '../../../protocol/records.ts'
import { rulesVersion, type Stretch } from './detector.ts'
import type { Provenance, ProvenanceLimits } from './provenance.ts'

/**
 * The verdict on an interval: that of the stretch whose evidence reaches into it, or else what it is worth that only
 * programs made the input. All times are monotonic milliseconds.
 *
 * @param stretches those that ended since the last interval, and the one that goes on
 */
export function genuinenessOf(
  stretches: readonly (Stretch | undefined)[],
  provenance: Provenance & { verdict: ProvenanceLimits['injected'] },
  interval: { from: number; to: number },
  isoAt: (at: number) => string,
): Genuineness {
  const { injectedSeconds, devices, since } = provenance
  const injected = {
    ...(injectedSeconds > 0 && {
      provenance: { injected_seconds: injectedSeconds, devices: [...devices] },
    }),
  }
  const evidence = provenance.evidence ? [provenance.evidence] : []
  const stretch = stretches.findLast(found => found && found.to >= interval.from && found.from < interval.to)
  if (stretch) {
    const { verdict, confidence, from } = stretch
    return {
      verdict,
      rules: rulesVersion,
      confidence,
      since: isoAt(from),
      evidence: [...stretch.evidence, ...evidence],
      ...injected,
    }
  }
  if (since === undefined || provenance.verdict === 'ignore') {
    return { verdict: 'genuine', rules: rulesVersion, evidence: [], ...injected }
  }
  return { verdict: provenance.verdict, rules: rulesVersion, since: isoAt(since), evidence, ...injected }
}
