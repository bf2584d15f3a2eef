import { AppError } from '../../protocol/errors.ts'
import type { Opener } from '../journal/ports.ts'
import { makePreview } from './make-preview.ts'
import type { HeldPicture, Picture, ReviewQueue } from './ports.ts'
import type { PreviewSize } from './preview-scales.ts'
import { claimAt, dueOf, forget, type ReviewPorts, type ReviewState } from './review-state.ts'

/** Which monitor it was is not kept; 2 is the safe side. */
const unreadable = { scalePercent: 100, quality: 70, blur: true, scale: 2 }

export async function previewHeld(
  { held, image }: ReviewPorts,
  { openers }: ReviewState,
  object: string,
  size: PreviewSize,
  sharp: 'sharp-too' | 'blurred-only',
): Promise<Picture> {
  const picture = find(held, object)
  if (!picture.blurred && sharp === 'blurred-only') throw new AppError('PICTURE_LOCKED')
  return makePreview(image, picture, await open(held, openers, picture), size)
}

export async function blurHeld(
  ports: ReviewPorts,
  state: ReviewState,
  object: string,
  by: string,
): Promise<void> {
  const { held, image, sealer } = ports
  const picture = find(held, object)
  if (picture.blurred) return
  const bytes = await open(held, state.openers, picture)
  const edited = await image.encode({ form: 'encoded', bytes }, unreadable)
  const claim = claimAt(ports, picture.taken)
  const { sealed, opener } = await sealer.sealToReopen(edited.bytes, claim)
  const { key: _, ...facts } = picture
  const { width, height, format } = edited
  const { number } = claim
  const instead = { ...facts, number, width, height, format, blurred: true }
  state.askedBy.set(picture.key, by)
  const blurred = await held.put(instead, sealed, picture)
  state.openers.set(blurred.key, opener)
  state.dueMs.set(blurred.key, dueOf(state, picture))
  forget(ports, state, picture)
}

export async function removeHeld(
  ports: ReviewPorts,
  state: ReviewState,
  object: string,
  by: string,
): Promise<void> {
  const { held } = ports
  const picture = find(held, object)
  state.askedBy.set(picture.key, by)
  await held.delete(picture)
  forget(ports, state, picture)
}

function find(held: ReviewQueue, object: string): HeldPicture {
  const picture = held.all().find(({ key }) => key === object)
  if (!picture) throw new AppError('HELD_GONE')
  return picture
}

async function open(
  held: ReviewQueue,
  openers: ReadonlyMap<string, Opener>,
  picture: HeldPicture,
): Promise<Uint8Array> {
  const opener = openers.get(picture.key)
  if (!opener) throw new AppError('HELD_SEALED')
  return opener.open(await held.read(picture))
}
