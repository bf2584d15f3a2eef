import { budgets } from '../native-host/kernel/budgets.ts'
import { madeFrom, table } from './markdown.ts'

export function budgetsPage(): string {
  const rows = Object.values(budgets).map(({ what, most, unit, beyond }) => [
    what,
    `${most.toLocaleString('en')} ${unit}`,
    beyond,
  ])
  return `${madeFrom('native-host/kernel/budgets.ts')}# Budgets

Everything that comes from outside is read within a budget. What is larger than anything that the tracker or an honest sender
would write is not read into memory first and judged afterwards. \`test/budgets.test.ts\` tries each row with exactly as
much as it allows and with one more; \`test/attacks/bombs.test.ts\` measures the memory that whole bombs take.
\`test/inputs.test.ts\` finds every file of ours that reads, listens, starts a program or unpacks, and fails for one that is
not named there with its budget.

${table(['what', 'at most', 'beyond that'], rows)}
## What has no budget of ours

- What the keychain answers: the library that asks it reads it by itself.
- What the programs of the system write into temporary files for npm screenshot-desktop on macOS and Windows.
- What the rows of the tracker's own database hold, unless it is damaged. Other users cannot write it.
- What the browser hands to the extension: it ends the connection at one MiB, and what the extension keeps of the last status
  and settings is what came in one message each.
`
}
