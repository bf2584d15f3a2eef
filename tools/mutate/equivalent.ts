import { basename } from 'node:path'
import type { Mutant } from './mutants.ts'

export type Row = {
  /** Its name without the folder. */
  file: string
  line: string
  change: string
  /** Where equal lines of the file have the same change: which of them. Left out, all of them. */
  nth?: number
  why: string
}

/**
 * Changes that no test can notice, because the program does the same with them. A row counts only while its line
 * reads as it does here.
 */
export const equivalent: readonly Row[] = []

export function whyEquivalent(mutant: Mutant, rows: readonly Row[] = equivalent): string | undefined {
  return rows.find(row => isAbout(row, mutant))?.why
}

/** Rows that are about no mutant any more. */
export function staleRows(mutants: readonly Mutant[], rows: readonly Row[] = equivalent): Row[] {
  return rows.filter(row => !mutants.some(mutant => isAbout(row, mutant)))
}

function isAbout(row: Row, mutant: Mutant): boolean {
  return (
    row.file === basename(mutant.file) &&
    row.line === mutant.lineText &&
    row.change === mutant.change &&
    (row.nth ?? mutant.nth) === mutant.nth
  )
}
