/** SHA-256 of the text as UTF-8, in lower-case hex. */
export type Sha256 = (text: string) => string

/**
 * What the record after this one names as its `prev`, and what heads of the chain are signed over. Of a salted record
 * it is made of the link before it and the hash of its line, so that a proof can withhold the line and still show its
 * place. Of a record without salt, as old versions wrote them, it is the hash of its line alone. The first line keeps
 * the two kinds apart: a record begins with a brace.
 */
export function linkOf(
  line: string,
  place: { prev: string; salt?: string | undefined },
  sha256: Sha256,
): string {
  const ofLine = sha256(line)
  return place.salt === undefined ? ofLine : sha256(`activity-tracker link 2\n${place.prev}\n${ofLine}\n`)
}
