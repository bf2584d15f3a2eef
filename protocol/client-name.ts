import * as v from 'valibot'

/** What a client may call itself: it stands in records, in dialogs and in notifications, and must be able to do nothing there. */
export const clientNameSchema = v.pipe(v.string(), v.regex(/^[\w .-]{1,60}$/))

/** How records name a terminal. The agent says so itself, and no browser may be called like it. */
export const commandLineName = 'command line'

/**
 * Whether a browser that is called so would be taken for the tracker, a terminal or the person, also where a digit stands
 * for a letter; or for nothing, as a name without letters is.
 */
export function passesForComputer(name: string): boolean {
  const letters = name
    .toLowerCase()
    .replace(/[0134]/g, digit => looksLike[digit] ?? '')
    .replace(/[^a-z]/g, '')
  return !/[a-z]/i.test(name) || /commandline|activitytracker|terminal|^(you|me|theperson)$/.test(letters)
}

const looksLike: Record<string, string> = { 0: 'o', 1: 'l', 3: 'e', 4: 'a' }

/** The same name in the characters that are allowed. */
export function toClientName(name: string): string {
  return name.replace(/[^\w .-]/g, '-').slice(0, 60) || 'browser'
}
