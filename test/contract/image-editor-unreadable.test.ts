import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import sharp, { type Sharp } from 'sharp'
import { editPicture } from '../../native-host/adapters/image/edit-picture.ts'
import { drawing } from './image-editor.ts'

/**
 * A real reader (tesseract) tries to read words from what is stored, as it is, sharpened, and after the blur was
 * undone by somebody who knows it exactly. That a reader finds nothing is weaker than what image-editor.ts asks for;
 * these tests show that it means what it says.
 */
const words =
  'SECRET account password invoice meeting salary private garden window orange doctor market'.split(' ')
const whole = { scalePercent: 100, quality: 70, scale: 1 }

for (const textPx of [16, 32, 72, 110]) {
  test(`text of ${textPx} px is read when it was not blurred, and not when it was`, async () => {
    const [width, height] = [1920, 1080]
    const bytes = await page(textPx, width, height).jpeg({ quality: 92 }).toBuffer()

    const clear = await editPicture({ form: 'encoded', bytes }, { ...whole, blur: false })
    const readable = sharp(clear.bytes).resize(textPx < 30 ? width * 2 : width)
    assert.ok((await wordsRead(readable)).length >= words.length - 1, 'without blur')

    const { bytes: kept } = await editPicture({ form: 'encoded', bytes }, { ...whole, blur: true })
    const enlarge = (picture: Sharp) =>
      picture.resize(width / 2, height / 2, { kernel: 'cubic', fit: 'fill' })
    const attacks = {
      'as it is': enlarge(sharp(kept)),
      sharpened: enlarge(sharp(kept)).sharpen({ sigma: 10, m1: 5, m2: 10 }).normalise(),
      unblurred: enlarge(await unblur(kept, whatBlurs, 60)).normalise(),
    }
    for (const [attack, picture] of Object.entries(attacks)) {
      assert.deepEqual(await wordsRead(picture), [], attack)
    }
  })
}

test('the same reader reads most words after a plain blur was undone', async () => {
  const [textPx, sigma] = [20, 2.5]
  const [width, height] = [27 * textPx, 5 * textPx]
  const blurred = page(textPx, width, height).blur({ sigma, minAmplitude: 0.001 })
  const webp = await blurred.webp({ quality: 90 }).toBuffer()
  const enlarge = (picture: Sharp) => picture.resize(width * 2, null, { kernel: 'cubic' })
  const before = await wordsRead(enlarge(sharp(webp)))
  const after = await wordsRead(enlarge(await unblur(webp, bell(sigma), 60)))
  assert.ok(after.length >= before.length + 5, `${before.length} words before, ${after.length} after`)
})

function page(textPx: number, width: number, height: number) {
  const perLine = Math.max(1, Math.floor((width - 2 * textPx) / (textPx * 5.2)))
  const lines = Array.from({ length: Math.ceil(words.length / perLine) }, (_, line) =>
    words.slice(line * perLine, (line + 1) * perLine).join(' '),
  )
  const text = lines.map(
    (line, index) => `<text x="${textPx}" y="${textPx * 1.5 * (index + 1)}">${line}</text>`,
  )
  const style = `font-family="DejaVu Sans" font-size="${textPx}" fill="#111"`
  return drawing(
    width,
    height,
    `<rect width="100%" height="100%" fill="white"/><g ${style}>${text.join('')}</g>`,
  )
}

async function wordsRead(picture: Sharp): Promise<string[]> {
  const png = await picture.png().toBuffer()
  // 6: one block of text; 11: whatever is there.
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
const whatBlurs = Array.from({ length: 5 }, () => Array.from({ length: 7 }, () => 1 / 7)).reduce(
  (kernel, box) => {
    const both = Array.from({ length: kernel.length + box.length - 1 }, () => 0)
    for (const [i, weight] of kernel.entries())
      for (const [j, share] of box.entries()) both[i + j] = (both[i + j] ?? 0) + weight * share
    return both
  },
)

/** Richardson–Lucy: the most likely picture before a blur whose kernel is known. */
async function unblur(bytes: Uint8Array, weights: ArrayLike<number>, rounds: number): Promise<Sharp> {
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

function bell(sigma: number): Float64Array {
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
