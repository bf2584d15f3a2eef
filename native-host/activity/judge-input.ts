import type { Entry, Genuineness } from '../../protocol/records.ts'
import type { Settings } from '../../protocol/settings.ts'
import { createDetector, type DetectorLimits } from '../detection/detector.ts'
import { type Extension, extendVerdict } from '../detection/extend-verdict.ts'
import { genuinenessOf, type JudgedSpan, judgedSpans, type Span } from '../detection/interval-verdict.ts'
import { createJudgeBySource } from '../detection/judge-by-source.ts'
import { createPresumedGenuine, type Place } from '../detection/presumed-genuine.ts'
import { createProvenance, type ProvenanceLimits, trustOf } from '../detection/provenance.ts'
import { trustsAny } from '../detection/trusted-sources.ts'
import type { InputListener } from '../input/input-event.ts'
import type { InputSources } from '../input/input-sources.ts'
import { countsIn } from '../input/input-window.ts'
import { isoOf } from '../kernel/instants.ts'
import type { Clock } from '../kernel/ports.ts'
import { computed, type ReadonlySignal } from '../kernel/signals.ts'
import { endOf } from './flagged-stretch.ts'

type Interval = Extract<Entry, { kind: 'interval' }>

type Ports = { clock: Clock; settings: ReadonlySignal<Settings> }

type State = {
  detector: ReturnType<typeof createDetector>
  provenance: ReturnType<typeof createProvenance>
  bySource: ReturnType<typeof createJudgeBySource>
  presumedGenuine: ReturnType<typeof createPresumedGenuine>
  /** On the interval before this one. */
  lastVerdict: Genuineness['verdict']
}

type Judgement = Pick<Interval, 'genuineness' | 'trusted'> & { spans: readonly JudgedSpan[] }

export type InputJudge = {
  observe: InputListener
  noteSources(sources: InputSources): void
  notePointerKeys(on: boolean): void
  /** Whether sources are needed every second. */
  closely: ReadonlySignal<boolean>
  /** On the interval that is open, as far as it is known. */
  verdictNow(): Genuineness['verdict']
  /** On the interval that closes. */
  judge(interval: Span): Judgement
  /** What the spans say of intervals that were stored as genuine before the spans were known. */
  extend(spans: readonly JudgedSpan[]): Extension[]
  /** It is stored as genuine, until a span reaches back to it. */
  presumeGenuine(interval: Interval, span: Span, place: Place): void
  /** Discards the evidence that was collected so far. */
  forget(): void
}

/** Judges whether the input is genuine: all detectors, with one shared state. */
export function judgeInput(ports: Ports): InputJudge {
  const { settings } = ports
  const trust = () => trustOf(provenanceLimits(settings.value))
  const state: State = {
    ...freshJudges(settings),
    bySource: createJudgeBySource(trust, {
      observe: events => state.detector.observe(events),
      passOver: events => state.detector.passOver(events),
    }),
    presumedGenuine: createPresumedGenuine(),
  }
  return {
    observe: state.bySource.observe,
    noteSources(sources) {
      state.provenance.observe(sources)
      state.bySource.noteSources(sources)
    },
    notePointerKeys: state.bySource.notePointerKeys,
    closely: computed(() => trustsAny(trust())),
    verdictNow: () => state.detector.current()?.verdict ?? state.lastVerdict,
    judge: interval => judge(ports, state, interval),
    extend: spans => extend(ports, state, spans),
    presumeGenuine(interval, span, place) {
      const [began, ended] = [interval.from, endOf(interval)]
      state.presumedGenuine.add({ ...span, began, ended, counts: countsIn(interval), place })
    },
    forget() {
      state.presumedGenuine.forget()
      state.bySource.forget()
      Object.assign(state, freshJudges(settings))
    },
  }
}

function freshJudges(
  settings: ReadonlySignal<Settings>,
): Pick<State, 'detector' | 'provenance' | 'lastVerdict'> {
  return {
    detector: createDetector(() => detectorLimits(settings.value)),
    provenance: createProvenance(() => provenanceLimits(settings.value)),
    lastVerdict: 'genuine',
  }
}

function judge({ clock, settings }: Ports, state: State, interval: Span): Judgement {
  const { detector, provenance, bySource } = state
  const closedAt = interval.to
  detector.settle(bySource.judgedUntil(closedAt))
  const origin = provenance.conclude()
  const spans = judgedSpans(
    [...detector.take(), detector.current()],
    { ...origin, verdict: settings.value.injected_input },
    closedAt,
    at => isoOf(clock.now().subtract({ milliseconds: Math.round(closedAt - at) })),
  )
  const genuineness = genuinenessOf(spans, origin, interval)
  const trusted = bySource.takeTrusted()
  state.lastVerdict = genuineness.verdict
  return { genuineness, ...(trusted.length > 0 && { trusted }), spans }
}

/** Intervals that were stored before the stretches were known are judged like new ones. */
function extend({ settings }: Ports, state: State, spans: readonly JudgedSpan[]): Extension[] {
  return spans
    .toReversed()
    .map(span =>
      extendVerdict(state.presumedGenuine.take(span), span.genuineness, settings.value.scripted_input),
    )
    .filter(extension => extension !== undefined)
}

function provenanceLimits({ injected_input, trusted_devices }: Settings): ProvenanceLimits {
  return { injected: injected_input, trusted: trusted_devices }
}

function detectorLimits({ strictness, scripted_activity_threshold }: Settings): DetectorLimits {
  return { strictness, jumpPx: scripted_activity_threshold }
}
