import { sep } from 'node:path'

/**
 * Names as the disk has them. A name on Linux is bytes and need not be UTF-8; decoded as such it would lead to no file.
 * Here each byte is a character (latin1), so that ours, which are ASCII, read as ever and others still lead somewhere.
 */
export const rawNames = 'latin1'

/** As a folder lists a name that is text. */
export function rawName(name: string): string {
  return Buffer.from(name, 'utf8').toString(rawNames)
}

export function rawPath(folder: string, name: string): Buffer {
  return Buffer.concat([Buffer.from(folder + sep), Buffer.from(name, rawNames)])
}

/** For people, and for names of our own: what is no UTF-8 or would control a terminal is escaped. */
export function showName(name: string): string {
  const bytes = Buffer.from(name, rawNames)
  const text = bytes.toString('utf8')
  if (Buffer.from(text, 'utf8').equals(bytes)) return text.replace(unprintable, escapeCharacter)
  return name.replace(/[^ -~]/g, byte => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

/** Controls, and what turns the direction of text or hides in it. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

function escapeCharacter(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`
}
