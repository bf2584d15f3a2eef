import type { SignedHead } from '../journal/chain-head.ts'
import type { NamedObject } from './object-order.ts'

/** What restore knows of an object that it has opened: enough to verify it again without fetching it. */
export type RestoredFacts = { head: SignedHead | undefined; rest: string | undefined }

/** Where the file of an object is, below the folder that a person named. */
export type RestoredPlace = { folders: readonly string[]; name: string }

/** The folder that objects are restored to. */
export type RestoredFolder = {
  /** undefined when it is not there, or not as it was written. @throws AppError FILE_NOT_WRITABLE for what is in its way */
  find(place: RestoredPlace): Promise<({ bytes: Uint8Array } & RestoredFacts) | undefined>
  /** Whether it seems to be there, without reading it. */
  has(place: RestoredPlace): Promise<boolean>
  /** Whole when it resolves, or not there. @throws AppError FILE_NOT_WRITABLE */
  write(place: RestoredPlace, bytes: Uint8Array, facts: RestoredFacts): Promise<void>
  /** Afterwards all of it survives a power cut. @throws AppError FILE_NOT_WRITABLE */
  finish(): Promise<void>
}

/** `sealed`: the object as it is. Folders and names come from whoever wrote the source, so that each is made safe. */
export function restoredPlace(
  { name, date }: NamedObject,
  { device, person }: { device: string; person: string },
  form: 'opened' | 'sealed',
): RestoredPlace {
  const above = person === '' ? [] : person.split('/')
  const folders = [...above, device, ...(date === undefined ? [] : [date])].map(safeFolder)
  return { folders, name: form === 'sealed' ? name : name.replace(/(\.zst)?\.age$/, '') }
}

/** With three bytes for each and a sum behind them, less than the 255 that a name may have. */
const longest = 75

/** One plain name on every system, and another one for every other name. */
export function safeFolder(name: string): string {
  const safe = name.replace(
    /[^\p{L}\p{N}_ .@+=,()~-]|^[. ]|[. ]$|^$/gu,
    each =>
      `%${[...new TextEncoder().encode(each)].map(byte => byte.toString(16).padStart(2, '0')).join('%')}`,
  )
  const named = safe === '' ? '%' : safe
  return named.length <= longest ? named : `${named.slice(0, longest)}%${checksum(named)}`
}

/** FNV-1a: names that are cut stay different from each other. */
function checksum(text: string): string {
  let sum = 0x811c9dc5
  for (const character of text) sum = Math.imul(sum ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return (sum >>> 0).toString(16).padStart(8, '0')
}
