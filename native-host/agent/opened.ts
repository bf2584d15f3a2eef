import { setImmediate } from 'node:timers/promises'
import { AppError } from '../../protocol/errors.ts'
import { imageEditor } from '../adapters/image/image-editor.ts'
import { localObjects } from '../adapters/store/local-objects.ts'
import type { Commands } from '../clients/commands.ts'
import { createOpenedDays, type OpenedDays } from '../opened/open-days.ts'
import type { OpenObject } from '../opened/ports.ts'
import type { Places } from '../platform/files/places.ts'
import type { State } from './open-state.ts'
import type { Privacy } from './privacy.ts'
import { waitsFor } from './waits-for.ts'

/** Days that the person opens in a browser. What it takes to decrypt is loaded when they do so. */
export function composeOpened({ state, places }: { state: State; places: Places }): OpenedDays {
  const { settings, device, journal } = state
  const roots = () => [...new Set([places.delivered, settings.value.folder].filter(root => root !== ''))]
  return createOpenedDays({
    objects: localObjects({ places, device, roots, journal }),
    opener: () => openWithOwnIdentity(places),
    image: imageEditor,
    breathe: () => setImmediate(),
  })
}

/** Read each time: the person may move it away at any moment. */
export async function openWithOwnIdentity(places: Places): Promise<OpenObject> {
  const { identityOpener } = await import('../adapters/seal/identity-opener.ts')
  const { unpackSegment } = await import('../adapters/seal/unpack-segment.ts')
  const { open } = await identityOpener([], places)
  return {
    lines: async sealed => new TextDecoder().decode(await unpackSegment(await open(sealed))).split('\n'),
    picture: open,
  }
}

/** A browser gets nothing decrypted before the person has allowed it outside the browser, nor after that is over. */
export function openedCommands(
  opened: OpenedDays,
  { daysLock, confirmations }: Pick<Privacy, 'daysLock' | 'confirmations'>,
  signal: AbortSignal,
): Pick<Commands, 'openDays' | 'openedPicture'> {
  const refuseLocked = () => {
    if (!daysLock.isUnlocked()) throw new AppError('DAYS_LOCKED')
  }
  return {
    async openDays(wanted, { viaBrowser, name }, onNews, called) {
      // There is nothing to ask the person where nothing can be opened.
      await opened.checkIdentity()
      if (viaBrowser && !daysLock.isUnlocked())
        throw waitsFor(confirmations.propose({ kind: 'opened' }, name, daysLock.unlock))
      const mayGoOn = viaBrowser ? refuseLocked : () => undefined
      await opened.open(wanted, onNews, mayGoOn, AbortSignal.any([called, signal]))
    },

    async openedPicture(object, size, { viaBrowser }) {
      if (viaBrowser) refuseLocked()
      const picture = await opened.picture(object, size)
      if (viaBrowser) refuseLocked()
      return picture
    },
  }
}
