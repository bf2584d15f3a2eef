import { testSteps } from '../protocol/connection-check.ts'
import { type ErrorCode, errorRows } from '../protocol/errors.ts'
import { type NetworkCase, networkCases } from '../test/network/cases.ts'
import { code, madeFrom, table } from './markdown.ts'

export function errorsPage(): string {
  const codes = Object.keys(errorRows) as ErrorCode[]
  const rows = codes.map(name => {
    const { sentence, next, exit } = errorRows[name]
    return [code(name), sentence, next, String(exit)]
  })
  return `${madeFrom('protocol/errors.ts and test/network/cases.ts')}# Errors

Popup, options page, command line and log name the same codes. A code never changes its meaning. The last column is the exit
code of a command that ends with it; [command-line.md](command-line.md) says what those mean.

${table(['code', 'what it means', 'what to do', 'exit'], rows)}
## On the way to the storage

\`activity-tracker doctor\` and "Test connection" in the options page walk from this computer to where records go and stop at the
first thing that is wrong; uploads that fail name the same code. Each of these cases is brought about for real by
\`npm run network\`, which checks the step, the code, the detail, and that an upload says the same.

${table(
  ['case', 'how the test brings it about', 'step', 'code', 'what is said, and what to do'],
  Object.entries<NetworkCase>(networkCases).map(([name, { how, step, code: found }]) => [
    name,
    how,
    testSteps[step],
    code(found),
    `${errorRows[found].sentence} ${errorRows[found].next}`,
  ]),
)}`
}
