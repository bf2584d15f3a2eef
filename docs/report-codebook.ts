import { reportTables } from '../native-host/reader/report-tables.ts'
import { code, table } from './markdown.ts'

/** The columns of all tables of `activity-tracker report`, by the table in the code that writes them. */
export function reportCodebook(): Record<string, string> {
  const parts = Object.entries(reportTables).map(([name, { what, columns }]) => {
    const rows = columns.map(column => [code(column.name), column.type, column.unit, column.meaning])
    return `### ${code(name)}\n\n${what}\n\n${table(['column', 'type', 'unit', 'meaning'], rows)}`
  })
  return { codebook: parts.join('\n') }
}
