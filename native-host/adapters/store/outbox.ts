import { hash } from 'node:crypto'
import { existsSync, lstatSync } from 'node:fs'
import { rename, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../../../protocol/errors.ts'
import type { NewItem, Outbox, OutboxItem, OutboxSummary } from '../../delivery/ports.ts'
import { dateInName } from '../../journal/chain-head.ts'
import { createTurns } from '../../kernel/in-turn.ts'
import { createSignal, type Signal } from '../../kernel/signals.ts'
import { inStoreLater, isFileError } from '../../platform/files/store-error.ts'
import { makeFolder, syncFolder, writeNewDurably } from '../../platform/files/write-durably.ts'
import { type IndexEntry, type OutboxIndex, openOutboxIndex } from './outbox-index.ts'
import { coveredBy, formatName, type ItemName, keyOf, seqOf } from './outbox-name.ts'
import { openQuarantine, type Quarantine } from './outbox-quarantine.ts'
import { recoverOutbox } from './outbox-recovery.ts'
import { openSealedFile } from './sealed-file.ts'
import { type Database, makingRoom } from './sqlite.ts'

/** How long a removal waits for others, and for how many: fewer than may be under way, which wait for it in turn. */
const togetherMs = 100
const mostTogether = 16

type Place = {
  db: Database
  folder: string
  quarantine: string
  /** The first part of every key: who recorded it. */
  device: string
  /** The highest number that was reserved in an earlier run and may still be used. */
  reservedThrough?: number
  /** Hears the name of each thing in the folder that did not belong and was set aside. */
  onStranger?: (name: string) => void
}

/** A durable file that is to become an item, under a number that was reserved for it. */
export type Adoption = { path: string; name: ItemName; bytes: number; at: Temporal.Instant }

/** What the outbox offers besides, to those who keep files for it elsewhere on the same disk. */
export type AdoptingOutbox = Outbox & {
  /** The file moves into the outbox, as one step. Repeating it is harmless. @throws as put */
  adopt(adoption: Adoption): Promise<OutboxItem>
}

type State = {
  place: Required<Pick<Place, 'db' | 'folder' | 'device'>>
  index: OutboxIndex
  quarantine: Quarantine
  summary: Signal<OutboxSummary>
  lastSeq: number
  coveredThrough: number
  /** The removal that others may still join. */
  removal: Removal | undefined
}

/**
 * An outbox of sealed files with an index in the database. A file is in once its folder is synced, and out once its row
 * is gone. The next start repairs a crash in between, at worst by delivering again under the same key. Only the holder
 * of the single-instance lock may open it.
 * @throws AppError DISK_FULL | STORE_NOT_WRITABLE
 */
export async function openOutbox({
  db,
  folder,
  quarantine: quarantineFolder,
  device,
  reservedThrough = 0,
  onStranger = () => undefined,
}: Place): Promise<AdoptingOutbox> {
  makeFolder(folder)
  const quarantine = await openQuarantine(quarantineFolder)
  const index = openOutboxIndex(db)
  await inStoreLater(folder, () => recoverOutbox({ folder, device, index, quarantine, onStranger }))

  const { lastSeq, coveredThrough } = index.highest()
  const summary = createSignal(summarise({ index, quarantine }, index.totals()))
  const state: State = {
    place: { db, folder, device },
    index,
    quarantine,
    summary,
    lastSeq: Math.max(lastSeq, reservedThrough),
    coveredThrough,
    removal: undefined,
  }
  const inTurn = createTurns()

  return {
    /** One after the other, so that coveredThrough never runs ahead of a segment that is still being written. */
    put: item => inTurn(() => put(state, item)),

    reserve: () => reserve(state),

    adopt: adoption => inTurn(() => adopt(state, adoption)),

    next(after) {
      const entry = index.first(after && seqOf(after.key))
      return entry && toItem(entry)
    },

    has: key => index.find(key) !== undefined,

    open: item => open(state, item),

    async remove(item) {
      const entry = index.find(item.key)
      if (!entry) return
      state.removal ??= beginRemoval(state)
      const { entries, ended, end } = state.removal
      entries.set(entry.name.seq, entry)
      if (entries.size === mostTogether) end()
      await ended
    },

    coveredThrough: () => state.coveredThrough,

    summary,
  }
}

/** A number is used once, even if the item fails: what is left of it must never meet its successor. */
function reserve(state: State): number {
  state.lastSeq += 1
  return state.lastSeq
}

async function put(
  state: State,
  { at, sealed, content, number = reserve(state) }: NewItem,
): Promise<OutboxItem> {
  const { device } = state.place
  const name: ItemName = { seq: number, date: dateInName(at), content, sha256: hash('sha256', sealed) }
  const entry: IndexEntry = { name, device, bytes: sealed.length, queuedAt: at }
  await writeNewDurably(pathOf(state, name), sealed)
  return addEntry(state, entry)
}

async function adopt(state: State, { path, name, bytes, at }: Adoption): Promise<OutboxItem> {
  const { folder, device } = state.place
  await inStoreLater(folder, async () => {
    const own = pathOf(state, name)
    // A call that failed after this step has moved it already.
    if (existsSync(path) || !existsSync(own)) await rename(path, own)
    // This one first: after a power cut in between it is in one of the folders at least.
    await syncFolder(folder)
    await syncFolder(dirname(path))
  })
  return addEntry(state, { name, device, bytes, queuedAt: at })
}

function addEntry(state: State, entry: IndexEntry): OutboxItem {
  state.index.add([entry])
  state.coveredThrough = Math.max(state.coveredThrough, coveredBy(entry.name))
  const { items, bytes } = state.summary.value
  state.summary.value = summarise(state, { items: items + 1, bytes: bytes + entry.bytes })
  return toItem(entry)
}

async function open(state: State, item: OutboxItem): ReturnType<Outbox['open']> {
  const entry = state.index.find(item.key)
  if (!entry) throw new AppError('STORE_DAMAGED', { detail: item.key })
  const sealed = await openSealedFile(pathOf(state, entry.name), entry.name.sha256)
  if (!sealed) throw await takeOut(state, entry)
  return {
    ...sealed,
    async proven() {
      try {
        await sealed.proven()
      } catch (error) {
        throw isDamage(error) ? await takeOut(state, entry) : error
      }
    },
  }
}

/** An item that can never be delivered. @returns what to throw */
async function takeOut(state: State, entry: IndexEntry): Promise<AppError> {
  const detail = await setAside(state.quarantine, pathOf(state, entry.name))
  removeRows(state, [entry])
  return new AppError('STORE_DAMAGED', { detail })
}

/** Moves a damaged file to quarantine, or leaves a note there of one that is gone. */
async function setAside(quarantine: Quarantine, path: string): Promise<string> {
  // A link that leads nowhere is there, too.
  if (lstatSync(path, { throwIfNoEntry: false })) return quarantine.take(path)
  await quarantine.noteMissing([basename(path)])
  return quarantine.folder
}

type Removal = { entries: Map<number, IndexEntry>; ended: Promise<void>; end: () => void }

/** What is removed at about the same time waits for the disk together: that is most of what a removal costs. */
function beginRemoval(state: State): Removal {
  const { db, folder } = state.place
  const entries = new Map<number, IndexEntry>()
  const full = Promise.withResolvers<void>()
  const timer = setTimeout(full.resolve, togetherMs)
  const ended = full.promise.then(async () => {
    clearTimeout(timer)
    state.removal = undefined
    // The row first: a file without a row is delivered again, a row without a file is a loss to be reported.
    makingRoom(db, () => removeRows(state, [...entries.values()]))
    await inStoreLater(folder, () =>
      Promise.all([...entries.values()].map(({ name }) => unlinkIfThere(pathOf(state, name)))),
    )
  })
  return { entries, ended, end: full.resolve }
}

function removeRows(state: State, entries: readonly IndexEntry[]): void {
  const { index, summary } = state
  const removed = index.remove(entries.map(({ name }) => name.seq))
  if (removed === 0) return
  const { items, bytes } = summary.value
  const theirs = entries.reduce((sum, entry) => sum + entry.bytes, 0)
  const left = removed === entries.length ? { items: items - removed, bytes: bytes - theirs } : index.totals()
  summary.value = summarise(state, left)
}

function summarise(
  { index, quarantine }: Pick<State, 'index' | 'quarantine'>,
  totals: { items: number; bytes: number },
): OutboxSummary {
  return { ...totals, oldest: index.first()?.queuedAt, quarantined: quarantine.count() }
}

function pathOf({ place: { folder } }: State, name: ItemName): string {
  return join(folder, formatName(name))
}

function toItem({ name, device, bytes, queuedAt }: IndexEntry): OutboxItem {
  return { key: keyOf(device, name), bytes, queuedAt }
}

function isDamage(error: unknown): boolean {
  return error instanceof AppError && error.code === 'STORE_DAMAGED'
}

async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path)
  } catch (error) {
    if (!isFileError(error, 'ENOENT')) throw error
  }
}
