import { measuredRows } from '../test/faults/measured.ts'
import { madeFrom, table } from './markdown.ts'

export async function promisesPage(): Promise<string> {
  const rows = (await measuredRows()).map(
    ({ id, promise, verdict, measured, faults, notes, date, scale }) => [
      id,
      promise,
      verdict === 'kept' ? 'kept' : `**${verdict}**`,
      [measured, notes].filter(text => text !== '').join('. '),
      faults,
      `${date}, ${scale}`,
    ],
  )
  return `${madeFrom('test/faults/measured.json')}# Promises

What the tracker promises about what it has accepted, and what was measured when each promise was last tested. The last
column says when, and whether it was all of the test or the fast part of it.
"Accepted" is what a call has returned for: a record is committed and synced, a sealed file is synced together with its
folder. "Lost" is what was accepted and is not among what can be opened at the destination afterwards; samples are opened by
Debian's age, too.

\`\`\`sh
npm run test:faults                      # all of it, some hours
npm run test:faults -- P1 P8             # some of it
npm run test:faults -- --fast            # the part that \`npm test\` runs, some minutes
npm run test:faults -- --write           # and keeps the figures for this page
\`\`\`

${table(['', 'promise', '', 'measured', 'faults that really happened', 'when'], rows)}
It needs Linux, and root for the disks that lose power or fill up. The program under test is
[worker.ts](../test/faults/worker.ts): the adapters and flows of the tracker, put together as its root does. It says what
was accepted after each call has returned; the [oracle](../test/faults/oracle.ts) opens what arrived and compares.

Other conditions that people meet, such as zones that change, locks of other users and trackers that were stopped, are brought
about by \`npm run test:system\`.
`
}
