import * as v from 'valibot'

/** What a client may call itself: it stands in records, in dialogs and in notifications, and must be able to do nothing there. */
export const clientNameSchema = v.pipe(v.string(), v.regex(/^[\w .-]{1,60}$/))

/** How records name a terminal. The agent says so itself, and no browser may be called like it. */
export const commandLineName = 'command line'

/**
 * The client that has asked, as the person reads it: that it was a browser is ours to say, and no name of its
 * own hides it.
 */
export function describeAsker(by: string): string {
  return by === commandLineName ? `the ${by}` : `the browser ${by}`
}

/**
 * Whether a browser that is called so would be taken for the tracker, a terminal or the person, also where one sign stands
 * for another that looks alike; or for nothing, as a name without letters is.
 */
export function passesForComputer(name: string): boolean {
  const shape = shapeOf(name)
  return !/[a-z]/i.test(name) || taken.some(one => shape.includes(one)) || persons.some(one => shape === one)
}

/** The letters alone, each as the one that it could be read as. */
function shapeOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[0-9l]/g, sign => looksLike[sign] ?? sign)
    .replace(/[^a-z]/g, '')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
}

/** i, l and 1 look alike. */
const looksLike: Record<string, string> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', l: 'i' }
const taken = ['commandline', 'activitytracker', 'terminal'].map(shapeOf)
const persons = ['you', 'me', 'the person', 'the user'].map(shapeOf)

/** The same name in the characters that are allowed. */
export function toClientName(name: string): string {
  return name.replace(/[^\w .-]/g, '-').slice(0, 60) || 'browser'
}
