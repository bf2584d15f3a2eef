/**
 * Words that no text for users has: of two words for one thing the second, and turns that a native does not write.
 * `DISPLAY` and other names in capitals are not words.
 */
const unwanted: readonly [pattern: RegExp, instead: string][] = [
  [/\bdeliver/, 'upload'],
  [/\b[Dd]isplays?\b|\b[Mm]onitors?\b/, 'screen'],
  [/\bheld back\b|\bhold back\b/, 'held'],
  [/\b[Ss]eal(s|ed)?\b/, 'encrypted'],
  [/\bsealed object|\bobjects?\b/, 'file'],
  [/\b[Ww]hoever\b|\b[Ss]omebody\b|\b[Nn]obody\b|\b[Ww]hatever\b|\bthereof\b/, 'the person, or “you”'],
  [
    /\bis told\b|\bof itself\b|\blets? go\b|\b[Ss]o long\b|\bgoes? on by itself\b|\bnot any ?more\b/,
    'plain English',
  ],
  [/\bEmpty: |\b0: |\bOff: |`/, 'a sentence'],
]

/** What is wrong with a text, as `deliver → upload`; nothing where it is plain. */
export function unwantedIn(text: string): string[] {
  return unwanted.flatMap(([pattern, instead]) => {
    const found = pattern.exec(text)
    return found ? [`${found[0]} → ${instead}: ${text}`] : []
  })
}

/** Every string in a table of texts, however deep. */
export function stringsIn(table: unknown): string[] {
  if (typeof table === 'string') return [table]
  if (typeof table !== 'object' || table === null || table instanceof RegExp) return []
  return Object.values(table).flatMap(stringsIn)
}
