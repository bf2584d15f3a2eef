import { DatabaseSync } from 'node:sqlite'
import * as v from 'valibot'
import { computerSchema } from '../../../protocol/computer.ts'
import {
  confirmedKeysSchema,
  endReasons,
  genuinenessSchema,
  keySetSchema,
} from '../../../protocol/records.ts'
import { settingNames } from '../../../protocol/settings.ts'
import { extraNames } from '../../delivery/upload-extras.ts'
import type { Memory } from '../../kernel/ports.ts'
import type { KeptFacts } from './kept-facts.ts'
import { type Database, inDatabase } from './sqlite.ts'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const instant = v.pipe(v.string(), v.isoTimestamp())

const value = v.union([v.string(), v.number(), v.boolean()])
const weakening = v.variant('kind', [
  v.object({ kind: v.literal('setting'), name: v.picklist(settingNames), from: value, to: value }),
  v.object({ kind: v.literal('consent'), text_version: count }),
])

const factSchemas: { [K in keyof KeptFacts]: v.GenericSchema<unknown, KeptFacts[K]> } = {
  device: v.pipe(v.string(), v.minLength(1)),
  consent: v.object({ text_version: count, at: instant }),
  pause: v.object({ since: instant, until: v.nullable(instant), by: v.optional(v.string()) }),
  delivered: v.object({ count, last: instant }),
  last_screenshot: instant,
  waived_screenshot: v.object({ asked: instant, due: instant }),
  folder: v.string(),
  zone: v.string(),
  running: v.object({ pid: count, since: instant, boot: v.optional(v.string()) }),
  last_end: v.object({ reason: endReasons, boot: v.string() }),
  keys_confirmed: confirmedKeysSchema,
  keys: keySetSchema,
  keys_found: keySetSchema,
  device_key: v.string(),
  refused_extras: v.array(v.object({ place: v.string(), extras: v.array(v.picklist(extraNames)) })),
  refusals: v.object({ count, last: instant }),
  stored_intervals: count,
  computer: v.object({ boot: v.string(), facts: computerSchema }),
  weakened: v.array(v.object({ at: instant, by: v.string(), weakenings: v.array(weakening) })),
  flagged: v.array(v.object({ from: instant, to: instant, genuineness: genuinenessSchema })),
}

export function openMemory(db: Database): Memory<KeptFacts> {
  const select = db.prepare('SELECT value FROM fact WHERE key = ?')
  const upsert = db.prepare('REPLACE INTO fact (key, value) VALUES (?, ?)')
  const remove = db.prepare('DELETE FROM fact WHERE key = ?')

  return {
    get(key) {
      const row = inDatabase(db, () => select.get(key))
      return row && parseFact(key, row.value)
    },

    set(key, value) {
      inDatabase(db, () => {
        if (value === undefined) return remove.run(key)
        const text = JSON.stringify(value)
        // Stored already is durable already, even on a full disk, where writing the same again would fail.
        if (select.get(key)?.value !== text) upsert.run(key, text)
      })
    },
  }
}

/** What cannot be read counts as not known: every fact here can be asked for or found out again. */
function parseFact<K extends keyof KeptFacts>(key: K, text: unknown): KeptFacts[K] | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), factSchemas[key]), text)
  return parsed.success ? parsed.output : undefined
}

/**
 * What the database of a tracker says that runs, or not: it is only read, and left alone. undefined where there is none, or
 * it cannot be read now.
 */
export function recallFrom<K extends keyof KeptFacts>(path: string, key: K): KeptFacts[K] | undefined {
  try {
    using db = new DatabaseSync(path, { readOnly: true, timeout: readMs })
    const row = db.prepare('SELECT value FROM fact WHERE key = ?').get(key)
    return row && parseFact(key, row.value)
  } catch {
    return undefined
  }
}

const readMs = 500
