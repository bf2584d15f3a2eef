import { sleepUntilAborted } from '../kernel/lifetime.ts'
import type { Clock } from '../kernel/ports.ts'
import type { Signal } from '../kernel/signals.ts'
import type { InputListener } from './input-event.ts'
import { formatRecordingLine } from './recording.ts'

/** A second of the fastest mouse is some 30 kB; a message holds a megabyte. */
const sendEveryMs = 500

/**
 * Reports every input event that is counted, as lines of a recording whose time begins now. `recordings`
 * shows that a recording is running.
 */
export async function recordInput(
  { recordings, clock }: { recordings: Signal<ReadonlySet<InputListener>>; clock: Clock },
  onLines: (lines: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = clock.monotonicMs()
  let lines: string[] = []
  const listen: InputListener = events => {
    for (const event of events) lines.push(formatRecordingLine('0', Math.max(0, event.at - startedAt), event))
  }
  recordings.value = new Set([...recordings.value, listen])
  try {
    while (!signal.aborted) {
      await sleepUntilAborted(sendEveryMs, clock, signal)
      if (lines.length > 0) onLines(`${lines.join('\n')}\n`)
      lines = []
    }
  } finally {
    recordings.value = new Set([...recordings.value].filter(other => other !== listen))
  }
}
