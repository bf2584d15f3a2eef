import { budgets } from '../native-host/kernel/budgets.ts'
import { madeFrom, table } from './markdown.ts'

export function budgetsPage(): string {
  const rows = Object.values(budgets).map(({ what, most, unit, beyond }) => [
    what,
    `${most.toLocaleString('en')} ${unit}`,
    beyond,
  ])
  return `${madeFrom('native-host/kernel/budgets.ts')}# Budgets

Every input has a budget. The tracker never reads more into memory than it or an honest sender would write.
\`test/budgets.test.ts\` tries each row with exactly as much as it allows and with one more. \`test/attacks/bombs.test.ts\`
measures the memory that whole bombs take. \`test/inputs.test.ts\` finds every source file that reads, listens, starts a program
or unpacks, and fails for a file that is not listed there with its budget.

${table(['what', 'at most', 'beyond that'], rows)}
## What has no budget of ours

- What the library of the keychain reads: only its answer is bounded. Only the person's own keychain can give it.
- Rows of the tracker's own database, unless it is damaged. Other users cannot write to it.
- Messages from the browser to the extension: the browser ends the connection at one MiB, and the extension keeps only the last
  status and settings, one message each.
`
}
