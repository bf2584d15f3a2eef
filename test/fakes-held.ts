import type { NewItem, Outbox } from '../native-host/delivery/ports.ts'
import type { Journal, Sealer } from '../native-host/journal/ports.ts'
import type {
  HeldPicture,
  HeldRemoval,
  KeepScreenshot,
  ReviewQueue,
} from '../native-host/screenshots/ports.ts'
import { AppError } from '../protocol/errors.ts'
import { type FakeDisk, type FakeOutbox, fakeDisk } from './fakes-storage.ts'

/** Holds pictures in memory and releases them into `outbox`. */
export function fakeReviewQueue(outbox: FakeOutbox, disk: FakeDisk = fakeDisk()): ReviewQueue {
  const pictures = new Map<string, { picture: HeldPicture; item: NewItem }>()
  const removals = new Map<string, HeldRemoval>()

  return {
    all: () => [...pictures.values()].map(({ picture }) => picture),

    async put({ number, ...facts }, sealed, replaced) {
      disk.write()
      if (replaced) take(replaced)
      const content = { kind: 'screenshot', format: facts.format } as const
      const item: NewItem = { at: facts.taken, number, sealed: sealed.slice(), content }
      const key = outbox.keyOf(number, item)
      const picture = { ...facts, key }
      pictures.set(key, { picture, item })
      if (replaced) removals.set(replaced.key, { kind: 'replaced', picture: replaced, by: picture })
      return picture
    },

    read: async picture => find(picture).item.sealed.slice(),

    async release(picture) {
      const { item } = find(picture)
      const released = await outbox.put(item)
      take(picture)
      return released
    },

    async delete(picture) {
      find(picture)
      disk.write()
      take(picture)
      removals.set(picture.key, { kind: 'deleted', picture })
    },

    unrecorded: () => [...removals.values()],
    recorded: async removal => void removals.delete(removal.picture.key),
  }

  function find({ key }: HeldPicture) {
    const found = pictures.get(key)
    if (!found) throw new AppError('HELD_GONE')
    return found
  }

  function take(picture: HeldPicture): void {
    find(picture)
    pictures.delete(picture.key)
  }
}

/** Holds nothing back. */
export function sendAtOnce(parts: { sealer: Sealer; outbox: Outbox; journal: Journal }): KeepScreenshot {
  return async ({ at, picture, facts }, signal) => {
    const sealed = await parts.sealer.seal(picture.bytes)
    signal.throwIfAborted()
    const content = { kind: 'screenshot', format: picture.format } as const
    const { key: object } = await parts.outbox.put({ at, sealed, content })
    const { width, height } = picture
    parts.journal.append({ kind: 'screenshot', ...facts, width, height, object })
  }
}
