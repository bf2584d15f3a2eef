import { isInRange, parseAddress } from './ip-range.ts'

/**
 * Whether NO_PROXY exempts a host, as curl and Python read it: a name covers its subdomains, with or without
 * a dot before it; an address may be a range (10.0.0.0/8); entries are separated by commas or spaces. Also as
 * other tools read it: `*` among other entries, `*.name`, `name:port`, and from-to of addresses.
 */
export function isExempt({ host, port }: { host: string; port: number }, list: string): boolean {
  const name = plain(host)
  return list.split(/[\s,]+/).some(entry => entry !== '' && covers(entry, name, port))
}

function covers(entry: string, name: string, port: number): boolean {
  if (entry === '*') return true
  const [, pattern = entry, only] = /^(\[[^\]]*\]|[^:]*):(\d{1,5})$/.exec(entry) ?? []
  if (only !== undefined && Number(only) !== port) return false
  const address = parseAddress(name)
  if (address !== undefined) return isInRange(address, pattern) ?? isBetween(name, pattern)
  const covered = plain(pattern.replace(/^\*?\./, ''))
  return covered !== '' && (name === covered || name.endsWith(`.${covered}`))
}

/** Such as 192.168.1.0-192.168.1.255. */
function isBetween(name: string, entry: string): boolean {
  const [at, from, to] = [name, ...entry.split('-')].map(text => parseAddress(text)?.value)
  return at !== undefined && from !== undefined && to !== undefined && from <= at && at <= to
}

/** Without the dot of the root, and in the letters of the name service: bücher.example is xn--bcher-kva.example. */
function plain(name: string): string {
  const bare = name.replace(/\.+$/, '')
  return /^[\x21-\x7e]*$/.test(bare) ? bare.toLowerCase() : (URL.parse(`http://${bare}`)?.hostname ?? bare)
}
