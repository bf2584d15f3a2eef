import { inOrder, type NamedObject, type ObjectFolder, type OrderedObject } from './object-order.ts'
import type { PassedOver } from './passed-over.ts'

/** A folder that objects lie in, or a prefix of a bucket that stands for one. */
export type DeliveredFolder = ObjectFolder & {
  device: string
  /** The folders between the source that was named and the device; empty when there are none. */
  person: string
  count: number
  /** undefined where a listing does not say it. */
  bytes: number | undefined
}

/** What one device delivered. `objects` goes through all of it in the order in which it was sealed. */
export type DeliveredDevice = {
  device: string
  person: string
  count: number
  bytes: number | undefined
  objects(): AsyncIterable<OrderedObject>
}

export type Delivered = {
  devices: DeliveredDevice[]
  /** What is no object; all of it is known when the objects were gone through. */
  passedOver(): PassedOver[]
}

/** Which of the objects count; all of them where nothing is said. Dates are those of keys, and both ends belong to it. */
export type DeliveredPart = {
  devices?: readonly string[] | undefined
  from?: string | undefined
  until?: string | undefined
  kind?: NamedObject['kind'] | undefined
}

export function isWhole({ devices, from, until, kind }: DeliveredPart): boolean {
  return [devices, from, until, kind].every(limit => limit === undefined)
}

export function isDate(name: string | undefined): name is string {
  return name !== undefined && /^\d{4}-\d\d-\d\d$/.test(name)
}

/** By the names of the folders alone, so that what is left out is never listed. */
export function mayHoldPart(folders: readonly string[], part: DeliveredPart): boolean {
  const date = folders.at(-1)
  if (!isDate(date)) return true
  return isInDates(date, part) && isOneOf(folders.at(-2), part)
}

/** An object without a date in its path is of every date. */
export function isInPart(object: NamedObject, device: string, part: DeliveredPart): boolean {
  if (part.kind !== undefined && object.kind !== part.kind) return false
  return isOneOf(device, part) && (object.date === undefined || isInDates(object.date, part))
}

export function isInDates(date: string, { from, until }: DeliveredPart): boolean {
  return (from === undefined || date >= from) && (until === undefined || date <= until)
}

function isOneOf(device: string | undefined, { devices }: DeliveredPart): boolean {
  return devices === undefined || device === undefined || devices.includes(device)
}

/**
 * Keys are device/date/name; objects that were copied elsewhere belong to the folder that they are in.
 * @param above the folders above the source, and the source itself
 * @param below the folders from there to the objects
 */
export function placeOf(
  above: readonly string[],
  below: readonly string[],
): { device: string; person: string } {
  const all = [...above, ...below]
  const toDevice = all.slice(0, isDate(all.at(-1)) ? -1 : undefined)
  return { device: toDevice.at(-1) ?? '', person: toDevice.slice(above.length, -1).join('/') }
}

export function devicesOf(folders: readonly DeliveredFolder[]): DeliveredDevice[] {
  return [...Map.groupBy(folders, ({ device }) => device)].map(([device, own]) => ({
    device,
    person: own[0]?.person ?? '',
    count: own.reduce((sum, { count }) => sum + count, 0),
    bytes: own.reduce<number | undefined>(
      (sum, { bytes }) => (sum === undefined || bytes === undefined ? undefined : sum + bytes),
      0,
    ),
    objects: () => inOrder(own),
  }))
}
