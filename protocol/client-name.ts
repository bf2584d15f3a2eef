import * as v from 'valibot'

/** What a client may call itself: it stands in records, in dialogs and in notifications, and must be able to do nothing there. */
export const clientNameSchema = v.pipe(v.string(), v.regex(/^[\w .-]{1,60}$/))

/** How records name a terminal. The agent says so itself, and no browser may be called like it. */
export const commandLineName = 'command line'

/** Whether a browser that is called so would be taken for the tracker or a terminal. */
export function passesForComputer(name: string): boolean {
  return /commandline|activitytracker|terminal/.test(name.toLowerCase().replace(/[^a-z]/g, ''))
}

/** The same name in the characters that are allowed. */
export function toClientName(name: string): string {
  return name.replace(/[^\w .-]/g, '-').slice(0, 60) || 'browser'
}
