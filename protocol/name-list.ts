/**
 * The names of a setting that is a list, as the person wrote them. One that has a comma in it stands in quotation marks,
 * which stay: what is written back is a list again. A mark that is not closed is none, or it would be closed by another
 * name then.
 */
export function namesInList(list: string): string[] {
  const names = list.match(/\s*"[^"]*"\s*(?=,|$)|[^,]+/g) ?? []
  return names.map(name => withoutOpenMark(name.trim())).filter(name => unquoted(name) !== '')
}

function withoutOpenMark(name: string): string {
  return quoted.test(name) ? name : name.replace(/^["\s]+/, '')
}

const quoted = /^"([^"]*)"$/

/** The name itself. */
export function unquoted(name: string): string {
  return (quoted.exec(name)?.[1] ?? name).trim()
}
