export type IniSection = ReadonlyMap<string, string>
export type Ini = {
  /** By name in lower case; what stands before the first heading is in ''. */
  sections: ReadonlyMap<string, IniSection>
  /** Numbers, counted from 1, of lines that are neither a heading, a `key = value`, a comment nor empty. */
  notUnderstood: readonly number[]
}

/**
 * Reads INI as configparser with inline comments and as the AWS tools do: keys in any case, `=` or `:`, the last
 * of two equal keys counts, values may be quoted.
 *
 * `#` and `;` begin a comment only at the start of a line or after a space. That is why this is not npm `ini`,
 * which cuts a value at any `#` or `;` and takes backslashes away: a secret key may contain all three.
 */
export function parseIni(text: string): Ini {
  const sections = new Map<string, Map<string, string>>()
  const notUnderstood: number[] = []
  let section = sectionOf(sections, '')
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    if (/^\s*([#;].*)?$/.test(line)) continue
    const heading = /^\s*\[([^\]]*)\]\s*([#;].*)?$/.exec(line)
    if (heading?.[1] !== undefined) {
      section = sectionOf(sections, heading[1].trim().toLowerCase())
      continue
    }
    const sign = line.search(/[=:]/)
    const key = line.slice(0, Math.max(sign, 0)).trim().toLowerCase()
    if (key === '') notUnderstood.push(index + 1)
    else section.set(key, unquoted(line.slice(sign + 1)))
  }
  return { sections, notUnderstood }
}

function unquoted(text: string): string {
  const quoted = /^\s*(["'])(.*?)\1\s*(\s[#;].*)?$/.exec(text)
  return quoted?.[2] ?? text.replace(/\s[#;].*$/, '').trim()
}

function sectionOf(sections: Map<string, Map<string, string>>, name: string): Map<string, string> {
  const section = sections.get(name) ?? new Map<string, string>()
  sections.set(name, section)
  return section
}
