import { closeSync, existsSync, lstatSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { openPlainFile } from '../../platform/files/own-files.ts'
import { rawNames, rawPath, showName } from '../../platform/files/raw-names.ts'
import { namesWithin } from '../../platform/files/read-within.ts'
import { isFileError } from '../../platform/files/store-error.ts'
import { removeBestEffort, syncFolder, unfinishedName } from '../../platform/files/write-durably.ts'
import type { IndexEntry, OutboxIndex } from './outbox-index.ts'
import { parseName } from './outbox-name.ts'
import type { Quarantine } from './outbox-quarantine.ts'

/** What file managers leave in every folder that they show. */
const ignored = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini'])

type IndexRow = { seq: number; file: string }
type Parts = {
  folder: string
  device: string
  index: OutboxIndex
  quarantine: Quarantine
  /** Hears the name, made readable, of each thing that did not belong. */
  onStranger(name: string): void
}

/**
 * Makes the index agree with the files, however an earlier run died. Every step may be cut short and is then
 * found undone at the next start.
 */
export async function recoverOutbox({ folder, device, index, quarantine, onStranger }: Parts): Promise<void> {
  const { known, strangers } = index.asking(lookThrough)
  if (known < index.totals().items) await giveUp([...index.files()].filter(row => !isSound(row)))
  const adopted: IndexEntry[] = []
  const taken = new Set<number>()
  for (const file of strangers) {
    const path = rawPath(folder, file)
    const entry = readEntry(path, file)
    if (entry && !taken.has(entry.name.seq) && !index.has(entry.name.seq)) adopted.push(entry)
    else if (isUnfinished(file)) await removeBestEffort(path)
    else await setAside(path, file)
    if (entry) taken.add(entry.name.seq)
  }
  await adopt(adopted)

  /** What cannot be moved, such as a place where a disk is mounted, stays and is passed over. */
  async function setAside(path: Buffer, file: string): Promise<void> {
    const shown = showName(file)
    try {
      await quarantine.take(path, shown)
    } catch (error) {
      if (isFileError(error, 'ENOSPC')) throw error
    }
    onStranger(shown)
  }

  /** How many files the index knows, and those that it does not. */
  function lookThrough(): { known: number; strangers: string[] } {
    const strangers: string[] = []
    let known = 0
    // Nothing else goes on yet that could not wait for the third of a second that 100,000 take.
    for (const name of namesWithin(folder, rawNames)) {
      const seq = parseName(name)?.seq
      if (seq !== undefined && index.has(seq, name)) known += 1
      else if (!ignored.has(name)) strangers.push(name)
    }
    // Names sort as their numbers do, and folders list them in no order.
    return { known, strangers: strangers.sort() }
  }

  function isSound({ seq, file }: IndexRow): boolean {
    return parseName(file)?.seq === seq && existsSync(join(folder, file))
  }

  /** What was accepted and is gone must not pass in silence. */
  async function giveUp(rows: IndexRow[]): Promise<void> {
    await quarantine.noteMissing(rows.map(row => row.file).filter(file => !existsSync(join(folder, file))))
    index.remove(rows.map(row => row.seq))
  }

  /** Its writer died before it was accepted. */
  function isUnfinished(file: string): boolean {
    return unfinishedName.test(file) && parseName(file.replace(unfinishedName, '')) !== undefined
  }

  /** Its writer died after the file had its name, or the index was lost. */
  function readEntry(path: Buffer, file: string): IndexEntry | undefined {
    const name = parseName(file)
    if (!name) return undefined
    const found = lstatSync(path)
    // Everything that is delivered is sealed: a file of that name that is not age is none that this outbox accepted.
    if (!found.isFile() || !isSealed(join(folder, file))) return undefined
    const queuedAt = Temporal.Instant.fromEpochMilliseconds(Math.floor(found.mtimeMs))
    return { name, device, bytes: found.size, queuedAt }
  }

  async function adopt(entries: IndexEntry[]): Promise<void> {
    if (entries.length === 0) return
    // Its writer may have died before the folder was safe; the journal forgets the records on our word.
    await syncFolder(folder)
    index.add(entries)
  }
}

/** With which every age file begins (https://c2sp.org/age). */
const ageMagic = 'age-encryption.org/v1\n'

function isSealed(path: string): boolean {
  const file = openPlainFile(path)
  try {
    const beginning = Buffer.alloc(ageMagic.length)
    readSync(file, beginning)
    return beginning.toString('latin1') === ageMagic
  } finally {
    closeSync(file)
  }
}
