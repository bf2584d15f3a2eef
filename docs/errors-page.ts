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

Popup, options page, command line and log use the same codes. A code never changes its meaning. The last column is the exit
code of a command that ends with it; [command-line.md](command-line.md) explains the exit codes.

${table(['code', 'what it means', 'what to do', 'exit'], rows)}
## On the way to the storage

\`activity-tracker doctor\` and "Test connection" on the options page test every step from this computer to the destination and stop
at the first failure. Failed uploads use the same codes. \`npm run network\` causes each of these cases for real. It checks the
step, the code, the detail, and that an upload reports the same.

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
