import type { Status } from '../../protocol/status.ts'
import { deliveryWords } from '../model/presentation.ts'
import { words } from '../text/local-words.ts'
import { describeSize } from '../text/sizes.ts'
import { KeyHolders } from '../ui/key-holders.tsx'
import { Commands } from './commands.tsx'
import { Fact } from './fact.tsx'

const commands = [
  ['activity-tracker open FILE', 'Open what was delivered: records as text, screenshots as pictures.'],
  [
    'activity-tracker verify FOLDER',
    'Whether anything was changed or taken out, and every gap with its cause.',
  ],
  ['activity-tracker keys show', 'The keys, and the one with which this computer signs.'],
] as const

/** What of the person's data is where, who can open it, and how. */
export function Data({ status }: { status: Status | undefined }) {
  return (
    <section id="data" aria-labelledby="heading-data">
      <h2 id="heading-data">Data</h2>
      {status && (
        <dl class="facts">
          <Fact term={status.destination.kind === 's3' ? 'In the bucket' : 'In the folder'}>
            <code>{status.destination.where}</code>
            <p class="soft">{deliveredWords(status)}</p>
          </Fact>
          <Fact term="On this computer">
            <code>{status.agent.home}</code>
            <p class="soft">{keptWords(status)}</p>
          </Fact>
          <Fact term="Who can open it">
            <KeyHolders keys={status.keys} />
          </Fact>
          <Fact term="Its name in records">
            <code>{status.agent.device}</code>
          </Fact>
        </dl>
      )}
      <h3>In a terminal</h3>
      <Commands rows={commands} />
    </section>
  )
}

function deliveredWords(status: Status): string {
  const { delivered } = status.queue
  const objects = delivered === 1 ? 'One sealed object was' : `${words.number(delivered)} sealed objects were`
  return `${objects} ${deliveryWords(status).done}.`
}

function keptWords({ queue, screenshots, days }: Status): string {
  const held = screenshots.held.length
  const parts = [
    queue.items > 0
      ? `${words.number(queue.items)} sealed, waiting to be delivered (${describeSize(queue.bytes, words.number)})`
      : 'nothing that waits to be delivered',
    ...(held > 0
      ? [`${words.number(held)} sealed ${held === 1 ? 'screenshot' : 'screenshots'} held back`]
      : []),
    ...(queue.quarantined > 0 ? [`${words.number(queue.quarantined)} damaged and set aside`] : []),
    days.length === 0
      ? 'no totals yet'
      : 'for the charts the totals of each minute, and when you paused or were idle in the last days',
  ]
  return `Settings, keys and log; ${parts.join('; ')}.`
}
