import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { budgetsPage } from './budgets-page.ts'
import { commandLinePage } from './command-line-page.ts'
import { detectionTables } from './detection-tables.ts'
import { errorsPage } from './errors-page.ts'
import { promisesPage } from './promises-page.ts'
import { protocolTables } from './protocol-tables.ts'
import { reportCodebook } from './report-codebook.ts'
import { settingsPage } from './settings-page.ts'
import { stagesTable } from './stages-table.ts'

/**
 * `npm run docs` writes the pages that are made from the tables of the code; test/docs-fresh.test.ts fails when one
 * of them is not what this would write.
 */
const pages: Record<string, (current: string) => string | Promise<string>> = {
  'settings.md': settingsPage,
  'errors.md': errorsPage,
  'budgets.md': budgetsPage,
  'command-line.md': commandLinePage,
  'promises.md': promisesPage,
  'protocol.md': current => replaceMarked(current, protocolTables()),
  'detection.md': current => replaceMarked(current, detectionTables()),
  'reading.md': current => replaceMarked(current, reportCodebook()),
  '../CONTRIBUTING.md': current => replaceMarked(current, stagesTable()),
}

export async function generatedPages(): Promise<{ path: string; current: string; fresh: string }[]> {
  return Promise.all(
    Object.entries(pages).map(async ([name, write]) => {
      const path = join(import.meta.dirname, name)
      const current = await readFile(path, 'utf8').catch(() => '')
      return { path, current, fresh: await write(current) }
    }),
  )
}

/** Replaces what stands between `<!-- generated: NAME -->` and `<!-- end -->`; the rest is written by hand. */
function replaceMarked(text: string, parts: Record<string, string>): string {
  return Object.entries(parts).reduce((page, [name, part]) => {
    const marked = new RegExp(`(<!-- generated: ${name} -->\n)[\\s\\S]*?(<!-- end -->)`)
    if (!marked.test(page)) throw new Error(`The page has no place for "${name}"`)
    return page.replace(marked, (_, begin: string, end: string) => `${begin}\n${part}\n${end}`)
  }, text)
}

if (import.meta.main) {
  for (const { path, current, fresh } of await generatedPages()) {
    if (current === fresh) continue
    await writeFile(path, fresh)
    console.log(`wrote ${path}`)
  }
}
