import type { Settings } from '../../../protocol/settings.ts'
import type { Destination } from '../../delivery/ports.ts'
import type { DestinationCheck } from '../../network/ports.ts'
import { checkFolder } from './folder/check.ts'
import { folderDestination, prepareFolder } from './folder/destination.ts'
import { checkBucket } from './s3/check.ts'
import type { S3Access, S3World } from './s3/connection.ts'
import { s3Destination } from './s3/destination.ts'

/** `delivered`: the tracker's own folder, for while nothing else is set. */
export type DeliveryWorld = S3World & { delivered: string }
/** What looking at a destination takes. */
export type CheckWorld = S3Access & { delivered: string }

type Kind = Destination['kind']

/** One row for each kind of destination: how the settings make one, and what must be there before the first put. */
const destinations: Record<
  Kind,
  {
    open(settings: Settings, world: DeliveryWorld): Destination
    /** @throws AppError DELIVERY_FOLDER_NOT_WRITABLE */
    prepare(settings: Settings, world: DeliveryWorld): Promise<void>
    check(settings: Settings, world: CheckWorld): DestinationCheck
  }
> = {
  folder: {
    open: (settings, world) => folderDestination(folderOf(settings, world)),
    prepare: (settings, world) => prepareFolder(folderOf(settings, world)),
    check: (settings, world) =>
      checkFolder(folderOf(settings, world), settings.folder === '' ? 'own' : 'chosen'),
  },
  s3: {
    open: s3Destination,
    // Buckets are made by their owners.
    prepare: async () => undefined,
    check: checkBucket,
  },
}

/** Where the settings say that objects go. Nothing is opened or loaded before the first put. */
export function chooseDestination(settings: Settings, world: DeliveryWorld): Destination {
  return destinations[kindOf(settings)].open(settings, world)
}

/** The same destination, to be looked at. */
export function checkOf(settings: Settings, world: CheckWorld): DestinationCheck {
  return destinations[kindOf(settings)].check(settings, world)
}

/**
 * To be called when a destination becomes the one: `chosen` when the person has just set it, and `started` when the
 * tracker starts with it. At a start only the tracker's own folder is made; one that was chosen earlier and is gone
 * now is on a drive that is not plugged in.
 * @throws AppError DELIVERY_FOLDER_NOT_WRITABLE
 */
export async function prepareDestination(
  settings: Settings,
  world: DeliveryWorld,
  occasion: 'chosen' | 'started',
): Promise<void> {
  if (occasion === 'started' && settings.folder !== '') return
  await destinations[kindOf(settings)].prepare(settings, world)
}

function kindOf(settings: Settings): Kind {
  return settings.bucket_name === '' ? 'folder' : 's3'
}

function folderOf({ folder }: Settings, { delivered }: CheckWorld): string {
  return folder === '' ? delivered : folder
}
