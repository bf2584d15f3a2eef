import type { Rgb } from './reduce.ts'

/**
 * A baseline JPEG (ITU-T T.81) with one table of each kind for all three components. It is made for the small, smooth
 * pictures that are left of a blurred screen, where starting a process for a library would cost more than all the rest.
 * @param quality 1 to 100, as libjpeg understands it
 */
export function encodeJpeg({ pixels, width, height }: Rgb, quality: number): Uint8Array {
  const divisors = divisorsFor(quality)
  const bits = bitWriter(width * height + 1024)
  for (const [marker, body] of headers(width, height, divisors)) {
    bits.bytes(0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 0xff, ...body)
  }
  const planes = componentsOf(pixels, width * height)
  const block = new Float64Array(64)
  const levels = new Int32Array(64)
  const lastMean = [0, 0, 0]
  for (let top = 0; top < height; top += 8) {
    for (let left = 0; left < width; left += 8) {
      for (const [component, plane] of planes.entries()) {
        takeBlock(plane, { width, height, left, top }, block)
        transform(block)
        for (let i = 0; i < 64; i++) {
          const place = zigzag[i] ?? 0
          levels[i] = Math.round((block[place] ?? 0) / (divisors[i] ?? 1))
        }
        writeBlock(bits, levels, lastMean[component] ?? 0)
        lastMean[component] = levels[0] ?? 0
      }
    }
  }
  return bits.end()
}

/** From the mean of a block to ever finer patterns (T.81, figure A.6). */
const zigzag = [
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46,
  53, 60, 61, 54, 47, 55, 62, 63,
]

/** T.81, table K.1 (luminance), by rows. */
const coarseness = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22,
  29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103,
  121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
]

/** In zigzag order, scaled as libjpeg does it. */
function divisorsFor(quality: number): number[] {
  const percent = quality < 50 ? 5000 / quality : 200 - 2 * quality
  return zigzag.map(place =>
    Math.min(255, Math.max(1, Math.floor(((coarseness[place] ?? 1) * percent + 50) / 100))),
  )
}

/** How many codes there are of each length from 1 bit on, and what they stand for in their order (T.81, K.3 and K.5). */
const means = { counts: [0, 1, 5, 1, 1, 1, 1, 1, 1], symbols: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] }
const patterns = {
  counts: [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125],
  symbols: [
    ...Buffer.from(
      '01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a' +
        '3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a929394' +
        '95969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7' +
        'e8e9eaf1f2f3f4f5f6f7f8f9fa',
      'hex',
    ),
  ],
}
type Codes = { counts: readonly number[]; symbols: readonly number[] }
const meanCodes = codesOf(means)
const patternCodes = codesOf(patterns)
const endOfBlock = 0x00
const sixteenZeros = 0xf0

/** For each symbol its code and how many bits that has (T.81, annex C). */
function codesOf({ counts, symbols }: Codes): { code: number; length: number }[] {
  const codes: { code: number; length: number }[] = []
  let code = 0
  let next = 0
  for (const [index, count] of counts.entries()) {
    for (let i = 0; i < count; i++) codes[symbols[next++] ?? 0] = { code: code++, length: index + 1 }
    code <<= 1
  }
  return codes
}

function headers(
  width: number,
  height: number,
  divisors: readonly number[],
): [marker: number, body: number[]][] {
  const table = ({ counts, symbols }: Codes) => [
    ...Array.from({ length: 16 }, (_, index) => counts[index] ?? 0),
    ...symbols,
  ]
  const size = [height >> 8, height & 0xff, width >> 8, width & 0xff]
  return [
    [0xe0, [...Buffer.from('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]],
    [0xdb, [0, ...divisors]],
    [0xc0, [8, ...size, 3, ...[1, 2, 3].flatMap(component => [component, 0x11, 0])]],
    [0xc4, [0x00, ...table(means), 0x10, ...table(patterns)]],
    [0xda, [3, ...[1, 2, 3].flatMap(component => [component, 0]), 0, 63, 0]],
  ]
}

/** Y, Cb and Cr of JFIF, around 0. */
function componentsOf(pixels: Uint8Array, count: number): Float64Array[] {
  const planes = [0, 1, 2].map(() => new Float64Array(count))
  const [y, cb, cr] = planes
  for (let i = 0; i < count; i++) {
    const [r, g, b] = [pixels[3 * i] ?? 0, pixels[3 * i + 1] ?? 0, pixels[3 * i + 2] ?? 0]
    if (y) y[i] = 0.299 * r + 0.587 * g + 0.114 * b - 128
    if (cb) cb[i] = -0.168736 * r - 0.331264 * g + 0.5 * b
    if (cr) cr[i] = 0.5 * r - 0.418688 * g - 0.081312 * b
  }
  return planes
}

type Place = { width: number; height: number; left: number; top: number }

/** Beyond the edge the last row and column go on. */
function takeBlock(plane: Float64Array, { width, height, left, top }: Place, block: Float64Array): void {
  for (let y = 0; y < 8; y++) {
    const row = Math.min(top + y, height - 1) * width
    for (let x = 0; x < 8; x++) block[8 * y + x] = plane[row + Math.min(left + x, width - 1)] ?? 0
  }
}

/** Of the discrete cosine transform (T.81, A.3.3), for one dimension. */
const cosines = Float64Array.from({ length: 64 }, (_, i) => {
  const [frequency, at] = [i >> 3, i & 7]
  return (frequency === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * at + 1) * frequency * Math.PI) / 16)
})
const between = new Float64Array(64)

/** In place. Rows and columns change places on the way, twice. */
function transform(block: Float64Array): void {
  transformRows(block, between)
  transformRows(between, block)
}

function transformRows(from: Float64Array, to: Float64Array): void {
  for (let row = 0; row < 8; row++) {
    for (let frequency = 0; frequency < 8; frequency++) {
      let sum = 0
      for (let at = 0; at < 8; at++) sum += (cosines[8 * frequency + at] ?? 0) * (from[8 * row + at] ?? 0)
      to[8 * frequency + row] = sum
    }
  }
}

type BitWriter = ReturnType<typeof bitWriter>

/** T.81, F.1.2: the mean as a difference to the block before, then runs of zeros and what follows each. */
function writeBlock(bits: BitWriter, levels: Int32Array, lastMean: number): void {
  const difference = (levels[0] ?? 0) - lastMean
  bits.symbol(meanCodes, sizeOf(difference))
  bits.value(difference)
  let zeros = 0
  for (let i = 1; i < 64; i++) {
    const level = levels[i] ?? 0
    if (level === 0) {
      zeros++
      continue
    }
    for (; zeros > 15; zeros -= 16) bits.symbol(patternCodes, sixteenZeros)
    bits.symbol(patternCodes, (zeros << 4) | sizeOf(level))
    bits.value(level)
    zeros = 0
  }
  if (zeros > 0) bits.symbol(patternCodes, endOfBlock)
}

/** How many bits a value takes. */
function sizeOf(value: number): number {
  return 32 - Math.clz32(Math.abs(value))
}

function bitWriter(expectedBytes: number) {
  let out = new Uint8Array(expectedBytes)
  let length = 0
  let pending = 0
  let pendingBits = 0
  byte(0xff)
  byte(0xd8)
  return {
    bytes: (...values: number[]) => values.forEach(byte),
    symbol(codes: readonly { code: number; length: number }[], symbol: number) {
      const known = codes[symbol]
      if (!known) throw new RangeError(`no code for ${symbol}`)
      write(known.code, known.length)
    },
    /** Negative values are written one less, so that their first bit is 0. */
    value(value: number) {
      const size = sizeOf(value)
      if (size > 0) write((value < 0 ? value - 1 : value) & ((1 << size) - 1), size)
    },
    end(): Uint8Array {
      if (pendingBits > 0) write(0xff, 8 - pendingBits)
      byte(0xff)
      byte(0xd9)
      return out.slice(0, length)
    },
  }

  function write(value: number, count: number): void {
    pending = (pending << count) | (value & ((1 << count) - 1))
    pendingBits += count
    while (pendingBits >= 8) {
      pendingBits -= 8
      const next = (pending >> pendingBits) & 0xff
      byte(next)
      // What looks like a marker in the picture is followed by a zero.
      if (next === 0xff) byte(0)
    }
    pending &= (1 << pendingBits) - 1
  }

  function byte(value: number): void {
    if (length === out.length) {
      const larger = new Uint8Array(2 * length)
      larger.set(out)
      out = larger
    }
    out[length++] = value
  }
}
