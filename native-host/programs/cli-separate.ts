import { resolve } from 'node:path'
import { AppError } from '../../protocol/errors.ts'
import { findRemains } from '../adapters/store/own-remains.ts'
import { text } from '../commands/text.ts'
import { checkPlaces } from '../platform/files/check-places.ts'
import { findPlaces, isSameFolder } from '../platform/files/find-places.ts'
import { placesOf } from '../platform/files/places.ts'
import { makeSeparate } from '../platform/files/separate-tracker.ts'

/**
 * For the command `separate`. A folder of other things is left alone: the tracker would close it to others and write
 * among them. Belongs to cli.ts.
 */
export async function separateTracker(folder: string, env: NodeJS.ProcessEnv, account?: string) {
  const places = placesOf({ ACTIVITY_TRACKER_HOME: resolve(folder) })
  const own = await findPlaces({ env: { ...env, ACTIVITY_TRACKER_HOME: undefined }, account })
  if (isSameFolder(places.home, own.home))
    throw new AppError('USAGE', { detail: text.separate.isYours(own.home) })
  const { ours, others } = findRemains(places)
  if (ours.length === 0 && others.length > 0)
    throw new AppError('USAGE', { detail: text.separate.holdsOthers(places.home) })
  checkPlaces(places)
  await makeSeparate(places)
  return { home: places.home, own: own.home }
}
