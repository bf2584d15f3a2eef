/** A Markdown table. Pipes in a cell would end it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return `${[line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')}\n`
}

export const code = (text: string) => `\`${text}\``

/** The first line of a generated page, which people should not edit. */
export const madeFrom = (source: string) =>
  `<!-- Made from ${source} by \`npm run docs\`. Change it there. -->\n\n`
