import type { HeldPicture } from '../../screenshots/ports.ts'
import { formatName, type ItemName, keyOf, parseName } from './outbox-name.ts'

/** The format is in the item's name. */
type HeldFacts = Omit<HeldPicture, 'key' | 'format'>

/**
 * What the name of a held file says: everything there is to know about the picture, in front of the name that the file
 * will have in the outbox. So a file and its name are one and the same promise, kept by one rename.
 */
export type HeldName = {
  picture: HeldFacts
  /** Of the item that it will be. */
  item: ItemName
  /** The number of the picture in whose place it comes. */
  replaces: number | undefined
  /** Only the name is left. */
  deleted: boolean
}

const deletedEnding = '.deleted'

/** u1795348920000_t1795348860000_d1-2_960x540_s_000000000042_2026-11-22_s_<sha256>.screenshot.webp.age */
export function formatHeldName({ picture, item, replaces, deleted }: HeldName): string {
  const parts = [
    `u${picture.until.epochMilliseconds}`,
    `t${picture.taken.epochMilliseconds}`,
    `d${picture.display}-${picture.of}`,
    `${picture.width}x${picture.height}`,
    picture.blurred ? 'b' : 's',
    ...(replaces === undefined ? [] : [`r${replaces}`]),
    formatName(item),
  ]
  return parts.join('_') + (deleted ? deletedEnding : '')
}

const pattern =
  /^u(?<until>\d{1,15})_t(?<taken>\d{1,15})_d(?<display>\d{1,4})-(?<of>\d{1,4})_(?<width>\d{1,6})x(?<height>\d{1,6})_(?<form>[bs])_(?:r(?<replaces>\d{1,12})_)?(?<item>.+?)(?<deleted>\.deleted)?$/

export function parseHeldName(file: string): HeldName | undefined {
  const groups = pattern.exec(file)?.groups
  const item = groups && parseName(groups.item ?? '')
  if (!groups || item?.content.kind !== 'screenshot') return undefined
  const instant = (text = '') => Temporal.Instant.fromEpochMilliseconds(Number(text))
  return {
    picture: {
      taken: instant(groups.taken),
      until: instant(groups.until),
      display: Number(groups.display),
      of: Number(groups.of),
      width: Number(groups.width),
      height: Number(groups.height),
      blurred: groups.form === 'b',
    },
    item,
    replaces: groups.replaces === undefined ? undefined : Number(groups.replaces),
    deleted: groups.deleted !== undefined,
  }
}

export function pictureOf(device: string, { picture, item }: HeldName): HeldPicture {
  const format = (item.content.kind === 'screenshot' && item.content.format) || 'webp'
  return { key: keyOf(device, item), format, ...picture }
}
