export type IniSection = ReadonlyMap<string, string>
export type Ini = {
  /** By name in lower case; keys before the first heading are in ''. A repeated heading continues its section. */
  sections: ReadonlyMap<string, IniSection>
  /** The same, each with only the keys below its last heading. */
  lastSections: ReadonlyMap<string, IniSection>
  /** Sections with a repeated heading. */
  repeated: readonly string[]
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
  const lastSections = new Map<string, Map<string, string>>([['', new Map()]])
  const sections = new Map<string, IniSection>()
  const repeated = new Set<string>()
  const notUnderstood: number[] = []
  let name = ''
  const close = () =>
    sections.set(name, new Map([...(sections.get(name) ?? []), ...(lastSections.get(name) ?? [])]))
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    if (/^\s*([#;].*)?$/.test(line)) continue
    const heading = /^\s*\[([^\]]*)\]\s*([#;].*)?$/.exec(line)
    if (heading?.[1] !== undefined) {
      close()
      name = heading[1].trim().toLowerCase()
      if (lastSections.has(name)) repeated.add(name)
      lastSections.set(name, new Map())
      continue
    }
    const sign = line.search(/[=:]/)
    const key = line.slice(0, Math.max(sign, 0)).trim().toLowerCase()
    if (key === '') notUnderstood.push(index + 1)
    else lastSections.get(name)?.set(key, unquoted(line.slice(sign + 1)))
  }
  close()
  return { sections, lastSections, repeated: [...repeated], notUnderstood }
}

function unquoted(text: string): string {
  const quoted = /^\s*(["'])(.*?)\1\s*(\s[#;].*)?$/.exec(text)
  return quoted?.[2] ?? text.replace(/\s[#;].*$/, '').trim()
}
