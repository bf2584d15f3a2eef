import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp, { type Sharp } from 'sharp'
import type { EditOptions, GrabbedPicture, ImageEditor } from '../../native-host/screenshots/ports.ts'
import { AppError } from '../../protocol/errors.ts'

const clear: EditOptions = { scalePercent: 100, quality: 70, blur: false, scale: 1 }
const blurred: EditOptions = { ...clear, blur: true }
const encoded = (bytes: Uint8Array): GrabbedPicture => ({ form: 'encoded', bytes })

/** What every ImageEditor promises. */
export function imageEditorContract(name: string, editor: ImageEditor): void {
  const scaled: [scalePercent: number, width: number, height: number][] = [
    [100, 1366, 768],
    [50, 683, 384],
    [25, 342, 192],
  ]
  for (const format of ['jpeg', 'png'] as const) {
    for (const [scalePercent, width, height] of scaled) {
      test(`${name} makes WebP of ${width} × ${height} from ${format} of 1366 × 768 at ${scalePercent} %`, async () => {
        const bytes = await halves(1366, 768).toFormat(format).toBuffer()
        const picture = await editor.encode(encoded(bytes), { ...clear, scalePercent })
        assert.deepEqual({ width: picture.width, height: picture.height }, { width, height })
        const read = await sharp(picture.bytes).metadata()
        assert.deepEqual(
          { format: read.format, width: read.width, height: read.height },
          { format: 'webp', width, height },
        )
        assert.deepEqual(await colorsOf(picture.bytes), { left: 'red', right: 'blue' })
      })
    }
  }

  const screens: [width: number, height: number, storedWidth: number, storedHeight: number][] = [
    [1920, 1080, 240, 135],
    [1366, 768, 171, 96],
    [3840, 2160, 240, 135],
    [2560, 1440, 214, 120],
    [1080, 1920, 135, 240],
    [5120, 1440, 427, 120],
  ]
  for (const [width, height, storedWidth, storedHeight] of screens) {
    test(`${name} stores a blurred ${width} × ${height} as ${storedWidth} × ${storedHeight}`, async () => {
      const bytes = await halves(width, height).jpeg().toBuffer()
      const picture = await editor.encode(encoded(bytes), blurred)
      assert.deepEqual([picture.width, picture.height], [storedWidth, storedHeight])
      assert.deepEqual(await colorsOf(picture.bytes), { left: 'red', right: 'blue' })
    })
  }

  test(`${name} does not make a blurred picture larger than the scale asks for`, async () => {
    const bytes = await halves(1920, 1080).jpeg().toBuffer()
    const { width, height } = await editor.encode(encoded(bytes), { ...blurred, scalePercent: 10 })
    assert.deepEqual([width, height], [192, 108])
  })

  // The strokes of letters of 110 px are up to 60 px from each other. What is below one level is lost for good.
  for (const [width, height, factor] of [
    [1920, 1080, 1],
    [3840, 2160, 2],
  ] as const) {
    for (const period of [6, 12, 25, 39, 60].map(pixels => pixels * factor)) {
      test(`${name} leaves nothing of stripes every ${period} px when it blurs ${width} × ${height}`, async () => {
        const bytes = await stripes(width, height, period).jpeg({ quality: 95 }).toBuffer()
        const { bytes: kept } = await editor.encode(encoded(bytes), blurred)
        assert.ok((await contrastOf(kept)) <= 2, `${await contrastOf(kept)} of 255 levels left`)
        const sharp = await editor.encode(encoded(bytes), clear)
        assert.ok((await contrastOf(sharp.bytes)) > 200, 'stripes without blur')
      })
    }
  }

  const noPictures: [what: string, bytes: () => Promise<Uint8Array>][] = [
    ['no bytes', async () => new Uint8Array(0)],
    ['text', async () => Buffer.from('this is no picture')],
    ['half a PNG', async () => half(await stripes(600, 400, 7).png().toBuffer())],
    ['half a JPEG', async () => half(await stripes(600, 400, 7).jpeg().toBuffer())],
  ]
  for (const [what, bytes] of noPictures) {
    for (const blur of [false, true]) {
      test(`${name} refuses ${what}${blur ? ' to blur' : ''}`, async () => {
        await assert.rejects(
          editor.encode(encoded(await bytes()), { ...clear, blur }),
          error => error instanceof AppError && error.code === 'CAPTURE_FAILED',
        )
      })
    }
  }

  test(`${name} keeps nothing but the pixels`, async () => {
    const bytes = await halves(400, 300)
      .withExif({ IFD0: { Artist: 'somebody' } })
      .jpeg()
      .toBuffer()
    assert.ok(bytes.includes('somebody'))
    const { bytes: kept } = await editor.encode(encoded(bytes), clear)
    assert.equal(Buffer.from(kept).includes('somebody'), false)
  })
}

function halves(width: number, height: number): Sharp {
  return drawing(
    width,
    height,
    `<rect width="50%" height="100%" fill="red"/><rect x="50%" width="50%" height="100%" fill="blue"/>`,
  )
}

/** Upright, black and white. */
function stripes(width: number, height: number, period: number): Sharp {
  const pattern = `<pattern id="p" width="${period}" height="1" patternUnits="userSpaceOnUse"><rect width="${period / 2}" height="1"/></pattern>`
  return drawing(
    width,
    height,
    `<defs>${pattern}</defs><rect width="100%" height="100%" fill="white"/><rect width="100%" height="100%" fill="url(#p)"/>`,
  )
}

export function drawing(width: number, height: number, content: string): Sharp {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`
  return sharp(Buffer.from(svg))
}

/** From the darkest to the lightest, in the middle of the picture, where no border shows through. */
async function contrastOf(bytes: Uint8Array): Promise<number> {
  const { width, height } = await sharp(bytes).metadata()
  const part = { left: width >> 2, top: height >> 2, width: width >> 1, height: height >> 1 }
  const { channels } = await sharp(await sharp(bytes).extract(part).greyscale().png().toBuffer()).stats()
  return (channels[0]?.max ?? 255) - (channels[0]?.min ?? 0)
}

async function colorsOf(bytes: Uint8Array): Promise<{ left: string; right: string }> {
  const { data, info } = await sharp(bytes)
    .resize(4, 1, { fit: 'fill' })
    .raw()
    .toBuffer({ resolveWithObject: true })
  const nameOf = (pixel: number) => {
    const [r = 0, g = 0, b = 0] = data.subarray(pixel * info.channels)
    if (r > 200 && g < 60 && b < 60) return 'red'
    if (b > 200 && g < 60 && r < 60) return 'blue'
    return `${r} ${g} ${b}`
  }
  return { left: nameOf(0), right: nameOf(3) }
}

function half(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.length >> 1)
}
