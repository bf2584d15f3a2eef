import { hash } from 'node:crypto'
import { closeSync, constants, existsSync, fsyncSync, ftruncateSync, lstatSync } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../protocol/errors.ts'
import { dateInName } from '../../journal/chain-head.ts'
import { budgets } from '../../kernel/budgets.ts'
import { createTurns } from '../../kernel/in-turn.ts'
import { openPlainFile, readOwnFile } from '../../platform/files/own-files.ts'
import { namesWithin } from '../../platform/files/read-within.ts'
import { inStore, inStoreLater } from '../../platform/files/store-error.ts'
import {
  makeFolder,
  removeBestEffort,
  syncFolder,
  unfinishedName,
  writeNewDurably,
} from '../../platform/files/write-durably.ts'
import type { HeldPicture, HeldRemoval, ReviewQueue } from '../../screenshots/ports.ts'
import { formatHeldName, type HeldName, parseHeldName, pictureOf } from './held-name.ts'
import type { AdoptingOutbox } from './outbox.ts'

type Place = { folder: string; device: string; outbox: Pick<AdoptingOutbox, 'adopt'> }

/** The highest number in the outbox's queue that a held file has: to be known before the outbox is opened. */
export function heldThrough(folder: string): number {
  makeFolder(folder)
  return readNames(folder).reduce((highest, { item }) => Math.max(highest, item.seq), 0)
}

type State = {
  place: Place
  /** By number. Of what was taken away too, until that is recorded. */
  names: Map<number, HeldName>
}

/**
 * The review queue: files beside the outbox, sealed once and named for their future items, so that a release
 * is a rename. There are never many, so the names need no index. Only the holder of the single-instance lock
 * may open it.
 * @throws AppError DISK_FULL | STORE_NOT_WRITABLE
 */
export async function openReviewQueue(place: Place): Promise<ReviewQueue> {
  const { folder, device } = place
  makeFolder(folder)
  for (const file of inStore(folder, () => [...namesWithin(folder)]))
    if (unfinishedName.test(file)) await removeBestEffort(join(folder, file))
  const names = new Map(readNames(folder).map(name => [name.item.seq, name]))
  const state: State = { place, names }
  const inTurn = createTurns()
  // The process that deleted it may have died between the name and the bytes.
  for (const name of names.values()) if (name.deleted) inStore(folder, () => empty(pathOf(state, name)))

  return {
    all: () =>
      [...names.values()]
        .filter(name => isHeld(state, name))
        .sort((one, other) => one.item.seq - other.item.seq)
        .map(name => pictureOf(device, name)),

    put: (picture, sealed, replaced) => inTurn(() => put(state, picture, sealed, replaced)),

    async read(picture) {
      const name = find(state, picture)
      const path = pathOf(state, name)
      const bytes = readOwnFile(path, 'secret', budgets.heldBytes.most)
      if (bytes === undefined) throw new AppError('HELD_GONE')
      if (hash('sha256', bytes) !== name.item.sha256) throw new AppError('STORE_DAMAGED', { detail: path })
      return bytes
    },

    release: picture => inTurn(() => release(state, picture)),

    delete: picture => inTurn(() => deletePicture(state, picture)),

    unrecorded: () => [...names.values()].flatMap(name => removalOf(state, name)),

    recorded: ({ picture }) =>
      inTurn(async () => {
        const name = nameOf(state, picture)
        if (name) await forget(state, name)
      }),
  }
}

async function put(
  state: State,
  { format, number, ...facts }: Parameters<ReviewQueue['put']>[0],
  sealed: Uint8Array,
  replaced: HeldPicture | undefined,
): Promise<HeldPicture> {
  const name: HeldName = {
    picture: facts,
    item: {
      seq: number,
      date: dateInName(facts.taken),
      content: { kind: 'screenshot', format },
      sha256: hash('sha256', sealed),
    },
    replaces: replaced && find(state, replaced).item.seq,
    deleted: false,
  }
  await writeNewDurably(pathOf(state, name), sealed)
  state.names.set(name.item.seq, name)
  return pictureOf(state.place.device, name)
}

async function release(state: State, picture: HeldPicture): ReturnType<ReviewQueue['release']> {
  const { folder, outbox } = state.place
  const name = find(state, picture)
  await forgetReplaced(state, name)
  const path = pathOf(state, name)
  const { size } = await inStoreLater(folder, () => stat(path))
  const item = await outbox.adopt({ path, name: name.item, bytes: size, at: picture.taken })
  state.names.delete(name.item.seq)
  return item
}

async function deletePicture(state: State, picture: HeldPicture): Promise<void> {
  const { folder } = state.place
  const name = find(state, picture)
  const deleted: HeldName = { ...name, deleted: true }
  await inStoreLater(folder, async () => {
    if (existsSync(pathOf(state, name))) await rename(pathOf(state, name), pathOf(state, deleted))
    empty(pathOf(state, deleted))
    await syncFolder(folder)
  })
  state.names.set(name.item.seq, deleted)
}

function find(state: State, picture: HeldPicture): HeldName {
  const name = nameOf(state, picture)
  if (!name || !isHeld(state, name)) throw new AppError('HELD_GONE')
  return name
}

function nameOf({ names, place }: State, { key }: HeldPicture): HeldName | undefined {
  return [...names.values()].find(name => pictureOf(place.device, name).key === key)
}

function isHeld(state: State, name: HeldName): boolean {
  return !name.deleted && replacementOf(state, name) === undefined
}

function replacementOf({ names }: State, { item }: HeldName): HeldName | undefined {
  return [...names.values()].find(({ replaces }) => replaces === item.seq)
}

function removalOf(state: State, name: HeldName): HeldRemoval[] {
  const { device } = state.place
  const picture = pictureOf(device, name)
  if (name.deleted) return [{ kind: 'deleted', picture }]
  const by = replacementOf(state, name)
  return by ? [{ kind: 'replaced', picture, by: pictureOf(device, by) }] : []
}

/** Without its replacement nothing would say any more that the other was replaced. */
async function forgetReplaced(state: State, { replaces }: HeldName): Promise<void> {
  const replaced = replaces === undefined ? undefined : state.names.get(replaces)
  if (replaced) await forget(state, replaced)
}

async function forget(state: State, name: HeldName): Promise<void> {
  const { folder } = state.place
  await forgetReplaced(state, name)
  await inStoreLater(folder, async () => {
    await rm(pathOf(state, name), { force: true })
    await syncFolder(folder)
  })
  state.names.delete(name.item.seq)
}

function pathOf({ place: { folder } }: State, name: HeldName): string {
  return join(folder, formatHeldName(name))
}

/** What else lies there is left alone, and so is what has the name of a picture and is no file, such as a pipe. */
function readNames(folder: string): HeldName[] {
  return inStore(folder, () =>
    [...namesWithin(folder)].flatMap(file => {
      const name = parseHeldName(file)
      const isOurs = name && formatHeldName(name) === file && lstatSync(join(folder, file)).isFile()
      return isOurs ? [name] : []
    }),
  )
}

/** What is sealed in it is gone at once, even where its name has to wait for the journal. */
function empty(path: string): void {
  const file = openPlainFile(path, constants.O_RDWR)
  try {
    ftruncateSync(file)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
