import type { Entry } from '../../protocol/records.ts'
import { endOf } from '../activity/flagged-stretch.ts'
import type { UnstoredCounts } from '../activity/ports.ts'
import { recoveredInterval } from '../activity/unstored-intervals.ts'
import type { Journal } from '../journal/ports.ts'
import { type EndReason, gapBeforeStart, type PreviousEnd } from '../journal/start-gap.ts'
import { isoOf } from '../kernel/instants.ts'
import type { Clock, Memory } from '../kernel/ports.ts'
import type { ReadonlySignal } from '../kernel/signals.ts'
import type { TrackingFacts } from './ports.ts'

type Parts = {
  journal: Journal
  memory: Memory<TrackingFacts>
  unstored: UnstoredCounts
  clock: Clock
  consent: ReadonlySignal<TrackingFacts['consent'] | undefined>
  version: string
  boot: string
  /** Of this process. */
  pid: number
  /** The public key of this device. */
  key: string
  /** This agent took the place of one that found its database damaged. */
  repaired: boolean
}

/**
 * The clients that changed settings before the consent, recorded so that no program can prepare settings
 * unseen.
 */
const kindsOfControl: ReadonlySet<Entry['kind']> = new Set([
  'setting.changed',
  'confirmation.asked',
  'confirmation.accepted',
  'confirmation.refused',
  'weakening.announced',
  'weakening.undone',
])
const mostEarly = 100

export type LifecycleRecorder = ReturnType<typeof createLifecycleRecorder>

/**
 * Records the agent's lifecycle: its start, the gap before it, the key that signs, and its end. Before the
 * person has agreed, nothing of it is recorded. Belongs to the agent's root, and is made before anything else
 * is written.
 */
export function createLifecycleRecorder(parts: Parts) {
  const { journal, memory, unstored, clock, consent, boot, pid } = parts
  const started = clock.now()
  const lastWrite = journal.lastWrite()
  const previous = previousEnd(memory)
  let isRecorded = false
  /** Changes before the consent: in memory only, until the person agrees. */
  const early: Entry[] = []

  return {
    started,

    begin(): void {
      memory.set('running', { pid, since: isoOf(started), boot })
      if (!consent.value) return
      recordGap()
      const computer = memory.get('computer')?.facts
      journal.append({
        kind: 'agent.started',
        version: parts.version,
        previous_end: previous.kind === 'killed' ? 'killed' : 'clean',
        ...(computer && { computer }),
      })
      recordKey()
    },

    /** The person has agreed, which may be long after the start. */
    onConsent(): void {
      if (!isRecorded && lastWrite) {
        recordGap()
        const [from, to] = [isoOf(started), isoOf(clock.now())]
        note({ kind: 'gap', cause: 'consent-needed', from, to })
      }
      recordKey()
      for (const entry of early.splice(0)) journal.append(entry)
    },

    note,

    /** To be called when nothing is left to do. */
    ended(reason: EndReason): void {
      memory.set('last_end', { reason, boot })
      memory.set('running', undefined)
    },
  }

  function note(entry: Entry): void {
    if (consent.value) journal.append(entry)
    else if (kindsOfControl.has(entry.kind)) early.push(entry)
    if (early.length > mostEarly) early.shift()
  }

  function recordGap(): void {
    isRecorded = true
    const recovered = storeUnstored()
    const gap = gapBeforeStart({
      previous,
      lastSign: recovered ?? (lastWrite && isoOf(lastWrite)),
      now: isoOf(started),
      boot,
      repaired: parts.repaired,
    })
    if (gap) note(gap)
  }

  /** Records what the previous agent had counted and shown. @returns until when it had */
  function storeUnstored(): string | undefined {
    const intervals = unstored.recall().map(recoveredInterval)
    for (const interval of intervals) note(interval)
    if (consent.value) unstored.keep([])
    const last = intervals.at(-1)
    return last && endOf(last)
  }

  function recordKey(): void {
    if (memory.get('device_key') === parts.key) return
    note({ kind: 'device.key', key: parts.key })
    memory.set('device_key', parts.key)
  }
}

function previousEnd(memory: Memory<TrackingFacts>): PreviousEnd {
  const running = memory.get('running')
  if (running) return { kind: 'killed', boot: running.boot }
  const end = memory.get('last_end')
  return end ? { kind: 'clean', ...end } : { kind: 'none' }
}
