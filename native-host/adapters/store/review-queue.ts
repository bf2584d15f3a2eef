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

/**
 * The review queue: files beside the outbox, sealed once and named for their future items, so that a release
 * is a rename. There are never many, so the names need no index. Only the holder of the single-instance lock
 * may open it.
 * @throws AppError DISK_FULL | STORE_NOT_WRITABLE
 */
export async function openReviewQueue({ folder, device, outbox }: Place): Promise<ReviewQueue> {
  makeFolder(folder)
  for (const file of inStore(folder, () => [...namesWithin(folder)]))
    if (unfinishedName.test(file)) await removeBestEffort(join(folder, file))
  /** By number. Of what was taken away too, until that is recorded. */
  const names = new Map(readNames(folder).map(name => [name.item.seq, name]))
  const inTurn = createTurns()
  // The process that deleted it may have died between the name and the bytes.
  for (const name of names.values()) if (name.deleted) inStore(folder, () => empty(pathOf(name)))

  return {
    all: () =>
      [...names.values()]
        .filter(isHeld)
        .sort((one, other) => one.item.seq - other.item.seq)
        .map(name => pictureOf(device, name)),

    put: (picture, sealed, replaced) =>
      inTurn(async () => {
        const { format, number, ...facts } = picture
        const name: HeldName = {
          picture: facts,
          item: {
            seq: number,
            date: dateInName(picture.taken),
            content: { kind: 'screenshot', format },
            sha256: hash('sha256', sealed),
          },
          replaces: replaced && find(replaced).item.seq,
          deleted: false,
        }
        await writeNewDurably(pathOf(name), sealed)
        names.set(name.item.seq, name)
        return pictureOf(device, name)
      }),

    async read(picture) {
      const name = find(picture)
      const path = pathOf(name)
      const bytes = readOwnFile(path, 'secret', budgets.heldBytes.most)
      if (bytes === undefined) throw new AppError('HELD_GONE')
      if (hash('sha256', bytes) !== name.item.sha256) throw new AppError('STORE_DAMAGED', { detail: path })
      return bytes
    },

    release: picture =>
      inTurn(async () => {
        const name = find(picture)
        await forgetReplaced(name)
        const path = pathOf(name)
        const { size } = await inStoreLater(folder, () => stat(path))
        const item = await outbox.adopt({ path, name: name.item, bytes: size, at: picture.taken })
        names.delete(name.item.seq)
        return item
      }),

    delete: picture =>
      inTurn(async () => {
        const name = find(picture)
        const deleted: HeldName = { ...name, deleted: true }
        await inStoreLater(folder, async () => {
          if (existsSync(pathOf(name))) await rename(pathOf(name), pathOf(deleted))
          empty(pathOf(deleted))
          await syncFolder(folder)
        })
        names.set(name.item.seq, deleted)
      }),

    unrecorded: () => [...names.values()].flatMap(removalOf),

    recorded: ({ picture }) =>
      inTurn(async () => {
        const name = nameOf(picture)
        if (name) await forget(name)
      }),
  }

  function find(picture: HeldPicture): HeldName {
    const name = nameOf(picture)
    if (!name || !isHeld(name)) throw new AppError('HELD_GONE')
    return name
  }

  function nameOf({ key }: HeldPicture): HeldName | undefined {
    return [...names.values()].find(name => pictureOf(device, name).key === key)
  }

  function isHeld(name: HeldName): boolean {
    return !name.deleted && replacementOf(name) === undefined
  }

  function replacementOf({ item }: HeldName): HeldName | undefined {
    return [...names.values()].find(({ replaces }) => replaces === item.seq)
  }

  function removalOf(name: HeldName): HeldRemoval[] {
    const picture = pictureOf(device, name)
    if (name.deleted) return [{ kind: 'deleted', picture }]
    const by = replacementOf(name)
    return by ? [{ kind: 'replaced', picture, by: pictureOf(device, by) }] : []
  }

  /** Without its replacement nothing would say any more that the other was replaced. */
  async function forgetReplaced({ replaces }: HeldName): Promise<void> {
    const replaced = replaces === undefined ? undefined : names.get(replaces)
    if (replaced) await forget(replaced)
  }

  async function forget(name: HeldName): Promise<void> {
    await forgetReplaced(name)
    await inStoreLater(folder, async () => {
      await rm(pathOf(name), { force: true })
      await syncFolder(folder)
    })
    names.delete(name.item.seq)
  }

  function pathOf(name: HeldName): string {
    return join(folder, formatHeldName(name))
  }
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
