import { toProblem } from '../../protocol/errors.ts'
import type { Settings } from '../../protocol/settings.ts'
import { abortAbandoned } from '../adapters/destination/s3/abandoned.ts'
import type { S3World } from '../adapters/destination/s3/connection.ts'
import { isSameBucket } from '../adapters/destination/s3/settings.ts'
import type { Outbox } from '../delivery/ports.ts'
import { createTurns } from '../kernel/in-turn.ts'
import type { Log } from '../kernel/ports.ts'
import { type ReadonlySignal, watch } from '../kernel/signals.ts'

/**
 * Clears away abandoned uploads, so that the user does not pay for their parts: at the start, when a damaged
 * item was set aside, and, with the credentials of before, when the destination has changed. Belongs to the agent's root.
 */
export function clearAbandonedUploads(
  {
    settings,
    outbox,
    world,
    log,
  }: { settings: ReadonlySignal<Settings>; outbox: Outbox; world: S3World; log: Log },
  signal: AbortSignal,
): void {
  const inTurn = createTurns()
  const clear = (access: Settings) =>
    void inTurn(async () => {
      if (signal.aborted) return
      try {
        const count = await abortAbandoned(
          { access, current: settings.value, isWaiting: outbox.has },
          world,
          signal,
        )
        if (count > 0) log({ event: 'uploads-cleared', count })
      } catch (error) {
        // At the end of the agent; the next start clears them.
        if (!signal.aborted) log({ event: 'uploads-not-cleared', ...toProblem(error) })
      }
    })

  clear(settings.value)
  let before = settings.value
  watch(
    settings,
    now => {
      if (!isSameBucket(before, now)) clear(before)
      before = now
    },
    signal,
  )
  let { quarantined } = outbox.summary.value
  watch(
    outbox.summary,
    summary => {
      if (summary.quarantined > quarantined) clear(settings.value)
      quarantined = summary.quarantined
    },
    signal,
  )
}
