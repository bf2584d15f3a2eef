/** An address in digits as a number of `bits` bits. */
export type Address = { bits: 32 | 128; value: bigint }

/** Of version 4, or of version 6 with or without brackets and zone; undefined for a name. */
export function parseAddress(text: string): Address | undefined {
  const bare = text.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '')
  return bare.includes(':') ? parseIpv6(bare) : parseIpv4(bare)
}

/** `10.0.0.0/8`, `fd00::/8` or one address; undefined for other text. */
export function isInRange(address: Address, range: string): boolean | undefined {
  const [, text = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(range) ?? []
  const base = parseAddress(text)
  if (base === undefined) return undefined
  const prefix = length === undefined ? base.bits : Number(length)
  if (prefix > base.bits || base.bits !== address.bits) return false
  const rest = BigInt(base.bits - prefix)
  return base.value >> rest === address.value >> rest
}

function parseIpv4(text: string): Address | undefined {
  const octets = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number)
  if (octets === undefined || octets.some(octet => octet > 255)) return undefined
  return { bits: 32, value: octets.reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n) }
}

/** The URL parser accepts every notation and returns eight groups, with the longest run of zeros left out. */
function parseIpv6(text: string): Address | undefined {
  const plain = URL.parse(`http://[${text}]/`)?.hostname.slice(1, -1)
  if (plain === undefined) return undefined
  const [before = '', after] = plain.split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':'))
  const [left, right] = [groups(before), groups(after ?? '')]
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0')
  const value = [...left, ...zeros, ...right].reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n)
  return { bits: 128, value }
}
