/**
 * Controls, line ends, marks that turn the direction of writing, and other characters that are not seen. Not those that
 * join the letters of some scripts.
 */
const controls = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u
const all = new RegExp(controls, 'gu')

export function hasControls(text: string): boolean {
  return controls.test(text)
}

/**
 * One line of text in which nothing can control a terminal, end the line or turn it round: a name that came
 * from elsewhere is seen as it is. In the escapes of JSON, so that JSON means what it meant.
 */
export function escapeControls(text: string): string {
  return text.replace(all, found =>
    Array.from({ length: found.length }, (_, unit) => `\\u${hex(found.charCodeAt(unit))}`).join(''),
  )
}

function hex(unit: number): string {
  return unit.toString(16).padStart(4, '0')
}
