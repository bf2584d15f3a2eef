import { type Status, waitReasons } from '../../protocol/status.ts'
import { deliveryWords } from '../model/presentation.ts'
import { describeWait } from '../text/durations.ts'
import { words } from '../text/local-words.ts'

export function Delivery({ status, nowMs }: { status: Status; nowMs: number }) {
  const { queue, destination } = status
  const tryingAgain = queue.problem && queue.next_try
  return (
    <section>
      <div class="row">
        <p data-testid="queue" data-value={queue.items}>
          {queueWords(status, nowMs)}
        </p>
        {tryingAgain && <p class="soft small">Next try {describeWait(Date.parse(tryingAgain) - nowMs)}</p>}
      </div>
      <p class="soft small where" title={destination.where}>
        <bdi>{destination.where}</bdi>
      </p>
    </section>
  )
}

function queueWords(status: Status, nowMs: number): string {
  const { items, oldest, last_delivered, waiting } = status.queue
  const { done } = deliveryWords(status)
  if (items > 0) {
    if (waiting) return `${words.number(items)} ${items === 1 ? 'waits' : 'wait'} ${waitReasons[waiting]}`
    const since = oldest ? ` since ${words.time(oldest, nowMs)}` : ''
    return `${words.number(items)} ${items === 1 ? 'waits' : 'wait'}${since}`
  }
  return last_delivered ? `All ${done}, last at ${words.time(last_delivered, nowMs)}` : `Nothing ${done} yet`
}
