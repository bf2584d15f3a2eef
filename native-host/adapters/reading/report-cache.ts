import { hash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import * as v from 'valibot'
import { budgets } from '../../kernel/budgets.ts'
import { createPrivateFile, makeFolder } from '../../platform/files/write-durably.ts'
import type { ObjectCache } from '../../reader/ports.ts'
import { readFacts, writeFacts } from './cached-facts.ts'

/** Of the form of what is kept. Another one: everything is read again. */
const version = 1
const pageBytes = 4096
/** Another report may be writing. */
const busyMs = 2000

const row = v.object({ stamp: v.string(), facts: v.string(), proof: v.string() })
const tables = (mostBytes: number) => `
  PRAGMA journal_mode = TRUNCATE;
  PRAGMA synchronous = OFF;
  PRAGMA page_size = ${pageBytes};
  PRAGMA max_page_count = ${Math.floor(mostBytes / pageBytes)};
  CREATE TABLE IF NOT EXISTS object (device TEXT NOT NULL, name TEXT NOT NULL, stamp TEXT NOT NULL,
    facts TEXT NOT NULL, proof TEXT NOT NULL, PRIMARY KEY (device, name)) STRICT;
  PRAGMA user_version = ${version};`

/**
 * A file of its own beside the tracker's database: it can be thrown away at any time, and holds decrypted records. A row that
 * is not as it was written counts as none, and a file that is none of ours is made anew.
 */
export function openReportCache(
  path: string,
  mostBytes: number = budgets.reportCache.most,
): ObjectCache & Disposable {
  const db = openOrRebuild(path, mostBytes)
  if (!db) return noCache
  const select = db.prepare('SELECT stamp, facts, proof FROM object WHERE device = ? AND name = ?')
  const replace = db.prepare('REPLACE INTO object (device, name, stamp, facts, proof) VALUES (?, ?, ?, ?, ?)')
  return {
    find: ({ device, name }) =>
      best(() => {
        const found = v.safeParse(row, select.get(device, name))
        if (!found.success) return undefined
        const { stamp, facts: text, proof } = found.output
        if (proof !== proofOf(device, name, stamp, text)) return undefined
        const facts = readFacts(text)
        return facts && { stamp, facts }
      }),

    keep: ({ device, name }, stamp, facts) =>
      best(() => {
        const text = writeFacts(facts)
        replace.run(device, name, stamp, text, proofOf(device, name, stamp, text))
        return undefined
      }),

    together(work) {
      best(() => db.exec('BEGIN IMMEDIATE'))
      try {
        return work()
      } finally {
        // SQLite has rolled back by itself when the disk is full.
        best(() => (db.isTransaction ? db.exec('COMMIT') : undefined))
      }
    },

    [Symbol.dispose]: () => db.close(),
  }
}

export function removeReportCache(path: string): void {
  for (const suffix of ['', '-journal']) rmSync(`${path}${suffix}`, { force: true })
}

const noCache: ObjectCache & Disposable = {
  find: () => undefined,
  keep: () => undefined,
  together: work => work(),
  [Symbol.dispose]: () => undefined,
}

/** undefined where there can be none: then everything is read from the objects. */
function openOrRebuild(path: string, mostBytes: number): DatabaseSync | undefined {
  return best(() => {
    makeFolder(dirname(path))
    const db = best(() => open(path, mostBytes))
    if (db) return db
    removeReportCache(path)
    return open(path, mostBytes)
  })
}

function open(path: string, mostBytes: number): DatabaseSync {
  createPrivateFile(path)
  const db = new DatabaseSync(path, { timeout: busyMs })
  try {
    const found = v.parse(v.object({ user_version: v.number() }), db.prepare('PRAGMA user_version').get())
    if (found.user_version !== 0 && found.user_version !== version)
      throw new RangeError('of another version of the reader')
    db.exec(tables(mostBytes))
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Against what a failing disk or another program may have changed. */
function proofOf(device: string, name: string, stamp: string, facts: string): string {
  return hash('sha256', `${version}\n${device}\n${name}\n${stamp}\n${facts}`)
}

/** What fails is as if nothing had been kept. */
function best<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
