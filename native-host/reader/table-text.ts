import type { Cell, Table } from './report-tables.ts'

/** RFC 4180, in lines without their ends. */
export function* csvLines({ columns, rows }: Table): Generator<string> {
  yield columns.map(({ name }) => csvCell(name)).join(',')
  for (const row of rows) yield row.map(csvCell).join(',')
}

export function* ndjsonLines({ columns, rows }: Table): Generator<string> {
  for (const row of rows)
    yield JSON.stringify(Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])))
}

function csvCell(cell: Cell): string {
  const text = cell === null ? '' : String(cell)
  if (typeof cell === 'string' && /^[=+\-@\t\r]/.test(text)) return quoted(`'${text}`)
  return /[",\r\n]/.test(text) ? quoted(text) : text
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
