import { execFile } from 'node:child_process'
import sharp, { type Sharp } from 'sharp'

/**
 * A real reader (tesseract) and a real attack on a blur (Richardson–Lucy), for the proof that what was blurred cannot be
 * read. The words are in no language model's favour: they stand in no sentence.
 */
export const words =
  'SECRET account password invoice meeting salary private garden window orange doctor market'.split(' ')

/** Those words, black on white, in letters of this size. */
export function page(textPx: number, width: number, height: number): Sharp {
  const perLine = Math.max(1, Math.floor((width - 2 * textPx) / (textPx * 5.2)))
  const lines = Array.from({ length: Math.ceil(words.length / perLine) }, (_, line) =>
    words.slice(line * perLine, (line + 1) * perLine).join(' '),
  )
  const text = lines.map(
    (line, index) => `<text x="${textPx}" y="${textPx * 1.5 * (index + 1)}">${line}</text>`,
  )
  const style = `font-family="DejaVu Sans" font-size="${textPx}" fill="#111"`
  const picture = `<rect width="100%" height="100%" fill="white"/><g ${style}>${text.join('')}</g>`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${picture}</svg>`
  return sharp(Buffer.from(svg))
}

/** Which of the words the reader finds. */
export async function wordsRead(picture: Sharp): Promise<string[]> {
  const png = await picture.png().toBuffer()
  // 6: one block of text; 11: all text that is there.
  const texts = await Promise.all([6, 11].map(mode => tesseract(png, mode)))
  const text = texts.join(' ').toLowerCase()
  return words.filter(word => text.includes(word.toLowerCase()))
}

function tesseract(png: Buffer, mode: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const args = ['stdin', 'stdout', '--psm', String(mode)]
    const env = { ...process.env, OMP_THREAD_LIMIT: '1' }
    const reader = execFile('tesseract', args, { env }, (error, text) =>
      error ? reject(error) : resolve(text),
    )
    reader.stdin?.end(png)
  })
}

type Plane = { levels: Float64Array; width: number; height: number }

/** Five times a mean of seven, as adapters/image/unreadable.ts does it. */
export const whatBlurs = Array.from({ length: 5 }, () => Array.from({ length: 7 }, () => 1 / 7)).reduce(
  (kernel, box) => {
    const both = Array.from({ length: kernel.length + box.length - 1 }, () => 0)
    for (const [i, weight] of kernel.entries())
      for (const [j, share] of box.entries()) both[i + j] = (both[i + j] ?? 0) + weight * share
    return both
  },
)

/** Richardson–Lucy: the most likely picture before a blur whose kernel is known. */
export async function unblur(bytes: Uint8Array, weights: ArrayLike<number>, rounds: number): Promise<Sharp> {
  const { data, info } = await sharp(bytes).greyscale().raw().toBuffer({ resolveWithObject: true })
  const { width, height } = info
  const seen = Float64Array.from(data, level => level + 1)
  const kernel = Float64Array.from(weights)
  let guess = seen
  for (let round = 0; round < rounds; round++) {
    const expected = convolve({ levels: guess, width, height }, kernel)
    const error = seen.map((level, index) => level / (expected[index] ?? 1))
    const correction = convolve({ levels: error, width, height }, kernel)
    guess = guess.map((level, index) => level * (correction[index] ?? 1))
  }
  const levels = Uint8Array.from(guess, level => Math.max(0, Math.min(255, Math.round(level - 1))))
  return sharp(levels, { raw: { width, height, channels: 1 } })
}

/** A Gaussian, as far as it matters. */
export function bell(sigma: number): Float64Array {
  const reach = Math.ceil(3.5 * sigma)
  const weights = Float64Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2)),
  )
  const sum = weights.reduce((a, b) => a + b)
  return weights.map(weight => weight / sum)
}

function convolve({ levels, width, height }: Plane, kernel: Float64Array): Float64Array {
  const turned = convolveRows({ levels, width, height }, kernel)
  return convolveRows({ levels: turned, width: height, height: width }, kernel)
}

/** Each row with the kernel, its ends repeated outwards. The rows come out as columns. */
function convolveRows({ levels, width, height }: Plane, kernel: Float64Array): Float64Array {
  const reach = kernel.length >> 1
  const turned = new Float64Array(levels.length)
  const row = new Float64Array(width + 2 * reach)
  for (let y = 0; y < height; y++) {
    row.fill(levels[y * width] ?? 0, 0, reach)
    row.set(levels.subarray(y * width, (y + 1) * width), reach)
    row.fill(levels[(y + 1) * width - 1] ?? 0, reach + width)
    for (let x = 0; x < width; x++) {
      let sum = 0
      for (let i = 0; i < kernel.length; i++) sum += (kernel[i] ?? 0) * (row[x + i] ?? 0)
      turned[x * height + y] = sum
    }
  }
  return turned
}
