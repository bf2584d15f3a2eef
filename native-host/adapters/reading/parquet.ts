import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer'
import type { Cell, ColumnType, Table } from '../../reader/report-tables.ts'

/** Column by column, as the form wants it: a month is some thousand rows at most. */
export function writeParquet({ columns, rows }: Table): Uint8Array {
  const all = [...rows]
  const columnData: ColumnSource[] = columns.map(({ name, type }, index) => ({
    name,
    data: all.map(row => forms[type].write(row[index] ?? null)),
    type: forms[type].type,
    nullable: true,
  }))
  return new Uint8Array(parquetWriteBuffer({ columnData }))
}

const forms = {
  text: { type: 'STRING', write: (cell: Cell) => (cell === null ? null : String(cell)) },
  integer: { type: 'INT64', write: (cell: Cell) => (cell === null ? null : BigInt(Number(cell))) },
  number: { type: 'DOUBLE', write: (cell: Cell) => (cell === null ? null : Number(cell)) },
  'yes or no': { type: 'BOOLEAN', write: (cell: Cell) => cell },
  time: {
    type: 'TIMESTAMP',
    write: (cell: Cell) => (typeof cell === 'string' ? new Date(cell) : null),
  },
} as const satisfies Record<ColumnType, { type: ColumnSource['type']; write(cell: Cell): unknown }>
