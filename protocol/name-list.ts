/**
 * The names of a setting that is a list, as the person wrote them. One that has a comma in it stands in quotation marks,
 * which stay: what is written back is a list again.
 */
export function namesInList(list: string): string[] {
  const names = list.match(/\s*"[^"]*"\s*(?=,|$)|[^,]+/g) ?? []
  return names.map(name => name.trim()).filter(name => unquoted(name) !== '')
}

/** The name itself. */
export function unquoted(name: string): string {
  return (/^"([^"]*)"$/.exec(name)?.[1] ?? name).trim()
}
