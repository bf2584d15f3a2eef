import { measuredRows } from '../test/faults/measured.ts'
import { madeFrom, table } from './markdown.ts'

export async function promisesPage(): Promise<string> {
  const rows = (await measuredRows()).map(row => ({ ...row, ...explanationOf(row.id) }))
  const summary = rows.map(({ id, title, means, shown, verdict }) => [
    `[${id}](#${id.toLowerCase()})`,
    `**${title}**`,
    means,
    shown,
    verdict === 'kept' ? 'kept' : `**${verdict}**`,
  ])
  const details = rows.map(row =>
    [
      `### ${row.id}`,
      `${row.promise} ([test](../test/faults/${row.test}.ts), ${row.date}, ${row.scale}).`,
      [
        `- Measured: ${row.measured}.`,
        `- Faults: ${row.faults}.`,
        ...(row.notes === '' ? [] : [`- Note: ${row.notes}`]),
      ].join('\n'),
    ].join('\n\n'),
  )
  return `${madeFrom('test/faults/measured.json')}# Promises

What the tracker promises for data that it has accepted, what that means for a person, and how a test shows it. The details
below hold the measured figures, the faults, and the date of the last run: full, or the fast part only.

- *Accepted*: the call has returned. A record is then committed and synced; a sealed file is synced together with its folder.
- *Lost*: accepted, and later not among what can be opened at the destination. Debian's age opens samples too.

${table(['', 'promise', 'what it means', 'how it is shown', 'result'], summary)}
## Run the tests

\`\`\`sh
npm run test:faults                      # all of it, some hours
npm run test:faults -- P1 P8             # some of it; "server" or "computer" is a group
npm run test:faults -- --fast            # the part that \`npm test\` runs, some minutes
npm run test:faults -- --write           # and keeps the figures for this page
\`\`\`

The tests need Linux, and root for the disks that lose power or fill up. The program under test is
[worker.ts](../test/faults/worker.ts): the adapters and topics of the tracker, composed as the agent composes them. It
reports what was accepted after each call has returned. The [oracle](../test/faults/oracle.ts) opens what arrived and compares.

\`npm run test:system\` covers other conditions that people meet, such as changed time zones, locks of other users and stopped
trackers.

## Details

${details.join('\n\n')}
`
}

type Explanation = {
  title: string
  means: string
  shown: string
  /** In test/faults. */
  test: string
}

const explanations: Readonly<Record<string, Explanation>> = {
  P1: {
    title: 'A killed tracker loses nothing that was accepted',
    means: 'Stored records and screenshots arrive, whenever the tracker dies.',
    shown: 'Kills it at every system call of storing and delivering, and at random moments.',
    test: 'kill-at-every-syscall',
  },
  P2: {
    title: 'A power cut loses nothing that was accepted',
    means: 'Records that reached the disk are there after the next start.',
    shown: 'Cuts the power of a virtual disk, with and without what was not synced.',
    test: 'power-cuts',
  },
  P3: {
    title: 'A killed agent loses at most half a second of counts',
    means: 'Counts that the popup showed never fall. The screenshot in hand may be lost.',
    shown: 'Kills agents during typing and compares their totals.',
    test: 'lost-at-kill',
  },
  P4: {
    title: 'Each item becomes exactly one object',
    means: 'A lost reply of the server causes no duplicate and no loss.',
    shown: "Drops every tenth reply of Ceph's gateway after the server has stored the object.",
    test: 'lost-replies',
  },
  P5: {
    title: 'An interrupted large upload is completed',
    means: 'The next start sends the missing parts. No known upload stays open.',
    shown: 'Kills the tracker before and after each step of a multipart upload.',
    test: 'multipart-kills',
  },
  P6: {
    title: 'A full, read-only or broken disk loses nothing that was accepted',
    means: 'The tracker shows the problem and continues when the disk works again.',
    shown:
      'Makes every system call fail, once or until the disk is repaired, and fills the disk under the agent.',
    test: 'disk-faults',
  },
  P7: {
    title: 'A damaged queued file stops nothing else',
    means: 'The file is set aside, counted and shown. All others arrive.',
    shown: 'Flips every bit of a queued file, cuts it at every length and appends to it.',
    test: 'damaged-files',
  },
  P8: {
    title: 'A fault during recovery loses nothing',
    means: 'The tracker may die again while it repairs.',
    shown: 'Kills starts, or fails their disk, on an untidy folder and on a damaged database.',
    test: 'faults-in-recovery',
  },
  P9: {
    title: 'Seven days without a network lose nothing',
    means: 'Everything arrives afterwards, in order.',
    shown: 'Stops a server for seven days of a manual clock and starts it again.',
    test: 'week-offline',
  },
  P10: {
    title: 'A failing server gets at most one request a second',
    means: 'Waits grow to five minutes, and `Retry-After` is respected.',
    shown: 'Lets a server fail in many ways and measures the requests.',
    test: 'server-failures',
  },
  P11: {
    title: 'Clock and zone changes leave no hole',
    means: 'No gap, no negative duration and no late end of a pause.',
    shown: 'Sets clocks, zones, summer time and leap days under a running tracker.',
    test: 'moved-clocks',
  },
  P12: {
    title: 'Exactly one tracker works for each user',
    means: 'Many starts at once give one tracker. After a kill the next one takes over.',
    shown: 'Starts a hundred at once, and kills the one that works.',
    test: 'one-of-many',
  },
  P13: {
    title: 'A malformed message ends only its own connection',
    means: 'Memory stays bounded, and the tracker continues.',
    shown: 'Sends millions of random and damaged frames to the agent and through a bridge.',
    test: 'malformed-frames',
  },
  P14: {
    title: 'A thousand local connections do not disturb recording',
    means: 'Screenshots and intervals keep their times.',
    shown: 'Connects again and again, and floods, while it measures jitter.',
    test: 'many-connections',
  },
  P15: {
    title: 'After every fault the tracker delivers again within a minute',
    means: 'No fault leaves it stuck.',
    shown: 'Measures the first new arrival after each fault above.',
    test: 'promise-table',
  },
  P16: {
    title: 'Every fault really happened',
    means: 'No figure above comes from a fault that missed.',
    shown: 'Counts how often each fault happened.',
    test: 'promise-table',
  },
}

function explanationOf(id: string): Explanation {
  const explanation = explanations[id]
  if (explanation === undefined) throw new Error(`docs/promises-page.ts does not explain ${id}`)
  return explanation
}
