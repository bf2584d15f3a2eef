import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import * as v from 'valibot'
import { longestLullMs } from '../../native-host/detection/judge-session.ts'
import type { InputEvent } from '../../native-host/input/input-event.ts'
import { parseRecordingLine } from '../../native-host/input/recording.ts'
import { append } from '../../test/support/synthetic-input.ts'

/** One sitting of one person, or one run of one tool. */
export type Session = { set: string; user: string; name: string; events: InputEvent[] }

const userMap = v.record(v.string(), v.union([v.string(), v.number()]))

/** Every recording of a folder: each file is a set, and each sub-folder a set with a file for each user. */
export function loadSessions(folder: string): Session[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    if (entry.isDirectory()) {
      return recordingsIn(join(folder, entry.name)).flatMap(file =>
        sessionsOf(file, entry.name, () => basename(file, '.csv.gz')),
      )
    }
    if (!entry.name.endsWith('.csv.gz')) return []
    const file = join(folder, entry.name)
    const set = basename(file, '.csv.gz')
    const mapFile = join(folder, `${set}.users.json`)
    const users = existsSync(mapFile) ? v.parse(userMap, JSON.parse(readFileSync(mapFile, 'utf8'))) : {}
    return sessionsOf(file, set, session => `${set}/${users[session] ?? session}`)
  })
}

function recordingsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter(name => name.endsWith('.csv.gz'))
    .map(name => join(folder, name))
}

function sessionsOf(file: string, set: string, userOf: (session: string) => string): Session[] {
  const found = new Map<string, Session>()
  const lines = gunzipSync(readFileSync(file)).toString('latin1').split('\n')
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line === '') continue
    const recorded = parseRecordingLine(line)
    if (!recorded) throw new Error(`${file}:${index + 1} is no event`)
    const { session, event } = recorded
    const known = found.getOrInsertComputed(session, () => ({
      set,
      user: userOf(session),
      name: session,
      events: [],
    }))
    // As detect does; tools that emit two events at once are a millisecond out of order.
    known.events.push({ ...event, at: Math.max(event.at, known.events.at(-1)?.at ?? event.at) })
  }
  return [...found.values()]
}

/** One after the other what belongs to one person: a sentence alone is too short to be judged. */
export function joinedByPerson(sessions: readonly Session[]): Session[] {
  return [...Map.groupBy(sessions, ({ user }) => user)].map(([user, theirs]) => {
    const events: InputEvent[] = []
    let at = 0
    for (const session of theirs) at = append(events, at, session.events) + pauseBetweenMs
    return { set: theirs[0]?.set ?? '', user, name: user, events }
  })
}
/** Longer than any wait that the typing rules look at: the border of two sentences is no hesitation. */
const pauseBetweenMs = 2000

export function activeMs(events: readonly InputEvent[]): number {
  let sum = 0
  let last = events[0]?.at ?? 0
  for (const { at } of events) {
    sum += Math.min(longestLullMs, at - last)
    last = at
  }
  return sum
}
