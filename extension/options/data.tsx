import { formatBytes } from '../../protocol/byte-size.ts'
import type { Status } from '../../protocol/status.ts'
import { text } from '../text/catalogue.ts'
import { words } from '../text/local-words.ts'
import { KeyHolders } from '../ui/key-holders.tsx'
import { Commands } from './commands.tsx'
import { Fact } from './fact.tsx'

const commands = [
  ['activity-tracker open FILE', text.data.open],
  ['activity-tracker verify FOLDER', text.data.verify],
  ['activity-tracker keys show', text.data.keysShow],
] as const

/** What of the person's data is where, who can open it, and how. */
export function Data({ status }: { status: Status | undefined }) {
  return (
    <section id="data" aria-labelledby="heading-data">
      <h2 id="heading-data">{text.options.data}</h2>
      {status && (
        <dl class="facts">
          <Fact term={status.destination.kind === 's3' ? text.data.inBucket : text.data.inFolder}>
            <code>{status.destination.where}</code>
            <p class="soft">{deliveredWords(status)}</p>
          </Fact>
          <Fact term={text.data.onThisComputer}>
            <code>{status.agent.home}</code>
            <p class="soft">{keptWords(status)}</p>
          </Fact>
          <Fact term={text.data.whoCanOpen}>
            <KeyHolders keys={status.keys} />
          </Fact>
          <Fact term={text.data.name}>
            <code>{status.agent.device}</code>
          </Fact>
        </dl>
      )}
      <h3>{text.data.terminal}</h3>
      <Commands rows={commands} />
    </section>
  )
}

const counted = (count: number) => ({ count, shown: words.number(count) })

function deliveredWords({ destination, queue }: Status): string {
  const files = counted(queue.delivered)
  return destination.kind === 's3' ? text.data.uploaded(files) : text.data.putThere(files)
}

function keptWords({ destination, queue, screenshots, days }: Status): string {
  const held = screenshots.held.length
  const describeWaiting = destination.kind === 's3' ? text.data.waiting : text.data.waitingForFolder
  const parts = [
    queue.items > 0
      ? describeWaiting(counted(queue.items), formatBytes(queue.bytes, words.number))
      : text.data.nothingWaiting,
    ...(held > 0 ? [text.data.held(counted(held))] : []),
    ...(queue.quarantined > 0 ? [text.queue.damaged(words.number(queue.quarantined))] : []),
    days.length === 0 ? text.data.noTotals : text.data.totals,
  ]
  return text.data.kept(parts.join('; '))
}
