import { type ErrorCode, errorRows } from '../protocol/errors.ts'
import { code, madeFrom, table } from './markdown.ts'

export function errorsPage(): string {
  const codes = Object.keys(errorRows) as ErrorCode[]
  const rows = codes.map(name => {
    const { sentence, next, exit } = errorRows[name]
    return [code(name), sentence, next, String(exit)]
  })
  return `${madeFrom('protocol/errors.ts')}# Errors

Popup, options page, command line and log name the same codes. A code never changes its meaning. The last column is the exit
code of a command that ends with it; [command-line.md](command-line.md) says what those mean.

${table(['code', 'what it means', 'what to do', 'exit'], rows)}`
}
