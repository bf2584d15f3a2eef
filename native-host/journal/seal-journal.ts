import { type Problem, toProblem } from '../../protocol/errors.ts'
import type { Outbox } from '../delivery/ports.ts'
import { every } from '../kernel/every.ts'
import type { Clock } from '../kernel/ports.ts'
import { createSignal, type ReadonlySignal } from '../kernel/signals.ts'
import { dateInName } from './chain-head.ts'
import type { Compress, Journal, Sealer } from './ports.ts'
import { msToSeal, recordsPerSegment } from './segment-rule.ts'

type Ports = {
  journal: Journal
  outbox: Outbox
  sealer: Sealer
  compress: Compress
  clock: Clock
  /** How old the oldest unsealed record may get; a minute unless something says otherwise. */
  afterMs?: () => number
  /** Runs before anything is sealed, and at every check that finds nothing to seal. Never fails. */
  before?: () => Promise<void>
}

/** Turns records into sealed objects: NDJSON → zstd → age → outbox. */
export type Sealing = {
  /** Why the last try failed; the records wait safely in the journal. */
  problem: ReadonlySignal<Problem | undefined>
  /** Seals all records. @throws AppError as sealing and storing do */
  sealAll(): Promise<void>
}

const lookMs = 10_000
/** After a failure: sealing should resume soon once a full disk has room again. */
const retryMs = 2000

export function createSealing(ports: Ports): Sealing & { run(signal: AbortSignal): Promise<void> } {
  const { journal, outbox, sealer, compress, clock, afterMs, before: prepare } = ports
  const problem = createSignal<Problem | undefined>(undefined)
  let inFlight: Promise<void> = Promise.resolve()

  return {
    problem,

    sealAll,

    run: signal => every(() => (problem.value ? retryMs : lookMs), sealWhatIsDue, clock, signal),
  }

  /** One after the other: two at once would seal the same records twice. */
  function sealAll(): Promise<void> {
    const mine = inFlight.then(sealEverything)
    inFlight = mine.catch(() => undefined)
    return mine
  }

  async function sealWhatIsDue(): Promise<void> {
    try {
      await prepare?.()
      const open = journal.unsealed(recordsPerSegment)
      const dueMs = msToSeal(
        open && { count: open.count, oldestMs: open.oldest.epochMilliseconds },
        clock.now().epochMilliseconds,
        afterMs?.(),
      )
      if (dueMs === 0) await sealAll()
    } catch (error) {
      problem.value = toProblem(error)
    }
  }

  async function sealEverything(): Promise<void> {
    try {
      await prepare?.()
      // A crash between put and forget leaves records that are in the outbox already: they must not go twice.
      journal.forget(outbox.coveredThrough())
      for (;;) {
        const segment = journal.unsealed(recordsPerSegment)
        if (!segment) break
        const { from, to, oldest: at, before, head: reached } = segment
        const compressed = await compress(new TextEncoder().encode(segment.lines))
        const number = outbox.reserve()
        const place = { number, date: dateInName(at), kind: 'records' as const }
        const sealed = await sealer.seal(compressed, { ...place, before, reached })
        await outbox.put({ at, number, sealed, content: { kind: 'records', from, to } })
        journal.forget(to)
      }
      problem.value = undefined
    } catch (error) {
      problem.value = toProblem(error)
      throw error
    }
  }
}
