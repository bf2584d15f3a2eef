import type { TrustedSource } from '../../protocol/records.ts'
import type { InputEvent } from '../input/input-event.ts'
import type { InputSources } from '../input/input-sources.ts'
import { type Trust, trustIn, trustsAny } from './trusted-sources.ts'

/** Where input goes once it is known whose it is. */
type Sink = {
  observe(events: readonly InputEvent[]): void
  /** It is the person's own: it says nothing for or against them. */
  passOver(events: readonly InputEvent[]): void
}

type Kind = 'pointer' | 'keyboard'

/** Input without a device report is judged after this time. */
export const longestHoldMs = 6000

/**
 * Keeps what comes from a trusted device from every rule. The system tells of spans and not of events which devices were
 * used; so while there is anything to trust, events wait until their span is known. In a span in which a
 * trusted keyboard or pointer was used, no key or no movement is judged: which of several devices it was cannot be told.
 */
export function createJudgeBySource(trust: () => Trust, sink: Sink) {
  let held: InputEvent[] = []
  /** The system moves the pointer by keys right now. */
  let pointerKeys = false
  let trusted = new Set<TrustedSource>()

  return {
    observe(events: readonly InputEvent[]): void {
      const now = events.at(-1)?.at ?? 0
      if (held.length === 0 && !isWatched()) sink.observe(events)
      else {
        held.push(...events)
        judge(({ at }) => at <= now - longestHoldMs)
      }
    },

    notePointerKeys(on: boolean): void {
      pointerKeys = on
    },

    noteSources(sources: InputSources): void {
      const excused = excusedKinds(sources)
      judge(({ at }) => at < sources.from)
      judge(({ at }) => at <= sources.to, excused)
    },

    /** What waits is not judged at all. */
    forget(): void {
      held = []
      trusted = new Set()
    },

    /** Until when everything was judged, at `now`. */
    judgedUntil(now: number): number {
      judge(({ at }) => at <= now - longestHoldMs)
      return held[0]?.at ?? now
    },

    /** What was trusted since the last call. */
    takeTrusted(): TrustedSource[] {
      const taken = [...trusted].sort()
      trusted = new Set()
      return taken
    },
  }

  function isWatched(): boolean {
    return pointerKeys || trustsAny(trust())
  }

  function excusedKinds(sources: InputSources): ReadonlySet<Kind> {
    const kinds = new Set<Kind>()
    for (const device of sources.devices) {
      const why = trustIn(device, sources, trust())
      if (why === undefined) continue
      trusted.add(why)
      if (device.kind !== 'keyboard') kinds.add('pointer')
      if (device.kind !== 'pointer') kinds.add('keyboard')
    }
    return kinds
  }

  /** Those that are ready, in their order; of kinds that are excused they are passed over. */
  function judge(isReady: (event: InputEvent) => boolean, excused: ReadonlySet<Kind> = new Set()): void {
    const ready = held.filter(isReady)
    if (ready.length === 0) return
    held = held.filter(event => !isReady(event))
    for (const event of ready) {
      if (excused.has(kindOf(event))) sink.passOver([event])
      else sink.observe([event])
    }
  }
}

function kindOf({ kind }: InputEvent): Kind {
  switch (kind) {
    case 'key-down':
    case 'key-up':
      return 'keyboard'
    case 'button-down':
    case 'button-up':
    case 'move':
    case 'wheel':
      return 'pointer'
    default:
      throw kind satisfies never
  }
}
