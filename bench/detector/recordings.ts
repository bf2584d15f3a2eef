import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import * as v from 'valibot'
import type { InputEvent } from '../../native-host/core/input-event.ts'
import { parseRecordingLine } from '../../native-host/core/recording.ts'

/** One sitting of one person, or one run of one tool. */
export type Session = { set: string; user: string; name: string; events: InputEvent[]; activeMs: number }

const userMap = v.record(v.string(), v.union([v.string(), v.number()]))
/** Nobody is at work longer than this without any event. */
const longestLullMs = 5000

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
    const { session, event } = parseRecordingLine(line, `${file}:${index + 1}`)
    const known = found.getOrInsertComputed(session, () => ({
      set,
      user: userOf(session),
      name: session,
      events: [],
      activeMs: 0,
    }))
    const last = known.events.at(-1)
    if (last) known.activeMs += Math.max(0, Math.min(longestLullMs, event.at - last.at))
    known.events.push(event)
  }
  return [...found.values()]
}
