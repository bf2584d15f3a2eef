import type { Status } from '../../protocol/status.ts'
import { describeWait } from '../durations.ts'
import { words } from '../local-words.ts'
import { deliveryWords } from '../presentation.ts'

export function Delivery({ status, nowMs }: { status: Status; nowMs: number }) {
  const { queue, destination } = status
  return (
    <section>
      <p data-testid="queue" data-value={queue.items}>
        {queueWords(status, nowMs)}
      </p>
      <p class="soft small where" title={destination.where}>
        <bdi>{destination.where}</bdi>
      </p>
      {queue.problem && queue.next_try && (
        <p class="soft small">Tries again {describeWait(Date.parse(queue.next_try) - nowMs)}</p>
      )}
    </section>
  )
}

function queueWords(status: Status, nowMs: number): string {
  const { items, oldest, last_delivered } = status.queue
  const { done } = deliveryWords(status)
  if (items > 0) {
    const since = oldest ? ` since ${words.time(oldest, nowMs)}` : ''
    return `${words.number(items)} ${items === 1 ? 'item waits' : 'items wait'}${since}`
  }
  return last_delivered ? `All ${done}, last at ${words.time(last_delivered, nowMs)}` : `Nothing ${done} yet`
}
