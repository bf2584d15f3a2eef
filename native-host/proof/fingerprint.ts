/** Crockford's base 32: without letters that look like digits, or like each other. */
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const groups = 4
const digitsInGroup = 4
const bitsInDigit = 5

/**
 * What a person reads out or pastes so that another sees whether both have the same text: the first 80 bits of its
 * hash. Nobody finds a second text with the same ones.
 * @param sha256 of the text, in hexadecimal
 */
export function fingerprintOf(sha256: string): string {
  const count = groups * digitsInGroup
  const value = BigInt(`0x${sha256.slice(0, (count * bitsInDigit) / 4)}`)
  const all = Array.from({ length: count }, (_, index) => {
    const shift = BigInt((count - 1 - index) * bitsInDigit)
    return digits[Number((value >> shift) & 31n)] ?? ''
  }).join('')
  return all.match(new RegExp(`.{${digitsInGroup}}`, 'g'))?.join('-') ?? ''
}

/** As people write it: with or without dashes, in any case, an O for a zero. undefined for what is no fingerprint. */
export function readFingerprint(typed: string): string | undefined {
  const plain = typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
  if (plain.length !== groups * digitsInGroup || [...plain].some(digit => !digits.includes(digit)))
    return undefined
  return plain.match(new RegExp(`.{${digitsInGroup}}`, 'g'))?.join('-')
}
