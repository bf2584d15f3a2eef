import { type Status, waitReasons } from '../../protocol/status.ts'
import { text } from '../text/catalogue.ts'
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
        {tryingAgain && (
          <p class="soft small">{text.queue.nextTryAlone(describeWait(Date.parse(tryingAgain) - nowMs))}</p>
        )}
      </div>
      <p class="soft small where" title={destination.where}>
        <bdi>{destination.where}</bdi>
      </p>
    </section>
  )
}

function queueWords(status: Status, nowMs: number): string {
  const { items, oldest, last_delivered, waiting } = status.queue
  if (items > 0) {
    const files = { count: items, shown: words.number(items) }
    if (waiting) return text.queue.waitingFor(files, waitReasons[waiting])
    return oldest ? text.queue.waitingSince(files, words.time(oldest, nowMs)) : text.queue.waiting(files)
  }
  const last = last_delivered && words.time(last_delivered, nowMs)
  if (status.destination.kind === 's3')
    return last ? text.queue.allUploaded(last) : text.queue.nothingUploaded
  return last ? text.queue.allInFolder(last) : text.queue.nothingInFolder
}
