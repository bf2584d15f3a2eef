import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { removeBestEffort, syncFolder, unfinishedName } from '../base/write-durably.ts'
import type { IndexEntry, OutboxIndex } from './outbox-index.ts'
import { parseName } from './outbox-name.ts'
import type { Quarantine } from './outbox-quarantine.ts'

/** What file managers leave in every folder that they show. */
const ignored = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini'])

type IndexRow = { seq: number; file: string }
type Parts = { folder: string; device: string; index: OutboxIndex; quarantine: Quarantine }

/**
 * Makes the index agree with the files, whatever an earlier run died of. Every step may be cut short and is then
 * found undone at the next start.
 */
export async function recoverOutbox({ folder, device, index, quarantine }: Parts): Promise<void> {
  const files = new Set(await readdir(folder))
  const { sound = [], lost = [] } = Object.groupBy(index.files(), row => (isSound(row) ? 'sound' : 'lost'))
  await giveUp(lost)
  for (const row of sound) files.delete(row.file)
  const taken = new Set(sound.map(row => row.seq))
  const adopted: IndexEntry[] = []
  for (const file of files) {
    if (ignored.has(file)) continue
    const path = join(folder, file)
    const entry = await readEntry(path, file)
    if (entry && !taken.has(entry.name.seq)) adopted.push(entry)
    else if (isUnfinished(file)) await removeBestEffort(path)
    else await quarantine.take(path)
    if (entry) taken.add(entry.name.seq)
  }
  await adopt(adopted)

  function isSound(row: IndexRow): boolean {
    return files.has(row.file) && parseName(row.file)?.seq === row.seq
  }

  /** What was accepted and is gone must not pass in silence. */
  async function giveUp(rows: IndexRow[]): Promise<void> {
    await quarantine.noteMissing(rows.map(row => row.file).filter(file => !files.has(file)))
    index.remove(rows.map(row => row.seq))
  }

  /** Its writer died before it was accepted. */
  function isUnfinished(file: string): boolean {
    return unfinishedName.test(file) && parseName(file.replace(unfinishedName, '')) !== undefined
  }

  /** Its writer died after the file had its name, or the index was lost. */
  async function readEntry(path: string, file: string): Promise<IndexEntry | undefined> {
    const name = parseName(file)
    const found = await lstat(path)
    if (!name || !found.isFile()) return undefined
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
