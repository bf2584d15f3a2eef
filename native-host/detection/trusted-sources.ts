import { namesInList, unquoted } from '../../protocol/name-list.ts'
import type { TrustedSource } from '../../protocol/records.ts'
import { type InputDevice, type InputSources, isInjector } from '../input/input-sources.ts'

/** What the settings call the person's own. */
export type Trust = {
  /** Of devices, separated by commas, as the person wrote them. */
  names: string
  /** Also what programs make. */
  programs: boolean
}

export function trustsAny({ names, programs }: Trust): boolean {
  return programs || namesInList(names).length > 0
}

/**
 * Why input of this device is the person's own, whatever it looks like; undefined where nothing says so. In words that
 * say nothing of what the device is, or of who needs it.
 */
export function trustIn(device: InputDevice, sources: InputSources, trust: Trust): TrustedSource | undefined {
  if (names(trust.names, device.name))
    return device.kind === 'unknown' ? 'named device' : `named ${device.kind}`
  if (!isInjector(device.name)) return undefined
  if (trust.programs) return 'programs'
  return sources.pointerKeys && device.kind === 'pointer' ? 'pointer moved by the system' : undefined
}

/** A name with a comma in it, such as "Yubico, Inc. Key", is taken without its quotation marks too. */
function names(list: string, device: string): boolean {
  const wanted = partsOf(device)
  const given = namesInList(list).flatMap(name => partsOf(unquoted(name)))
  return wanted.length > 0 && `,${given.join(',')},`.includes(`,${wanted.join(',')},`)
}

function partsOf(name: string): string[] {
  return name
    .normalize('NFC')
    .toLowerCase()
    .split(',')
    .map(part => part.trim().replaceAll(/\s+/g, ' '))
    .filter(part => part !== '')
}
