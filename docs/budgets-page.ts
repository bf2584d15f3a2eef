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

${table(['what', 'at most', 'beyond that'], rows)}`
}
