import type {
  HeldPicture,
  HeldPictures,
  HeldRemoval,
  Journal,
  KeepScreenshot,
  Outbox,
  Sealer,
} from '../native-host/ports.ts'
import { AppError } from '../protocol/errors.ts'
import { type FakeDisk, fakeDisk } from './fakes-storage.ts'

/** Holds pictures in memory and releases them into `outbox`. */
export function fakeHeldPictures(outbox: Outbox, disk: FakeDisk = fakeDisk()): HeldPictures {
  const pictures = new Map<string, { picture: HeldPicture; sealed: Uint8Array }>()
  const removals = new Map<string, HeldRemoval>()
  let count = 0

  return {
    all: () => [...pictures.values()].map(({ picture }) => picture),

    async put(facts, sealed, replaced) {
      disk.write()
      if (replaced) take(replaced)
      count += 1
      const picture = { ...facts, key: `device/held/${count}` }
      pictures.set(picture.key, { picture, sealed: sealed.slice() })
      if (replaced) removals.set(replaced.key, { kind: 'replaced', picture: replaced, by: picture })
      return picture
    },

    read: async picture => find(picture).sealed.slice(),

    async release(picture) {
      const { sealed } = find(picture)
      const item = await outbox.put({ at: picture.taken, sealed, content: { kind: 'screenshot' } })
      take(picture)
      return item
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
