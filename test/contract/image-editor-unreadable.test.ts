import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp, { type Sharp } from 'sharp'
import { editPicture } from '../../native-host/adapters/image/edit-picture.ts'
import { bell, page, unblur, whatBlurs, words, wordsRead } from '../support/reading-back.ts'

/**
 * A real reader (tesseract) tries to read words from what is stored, as it is, sharpened, and after the blur
 * was undone by an attacker who knows it exactly. That a reader finds nothing is weaker than what
 * image-editor.ts asks for; these tests show that it means what it says.
 */
const whole = { scalePercent: 100, quality: 70, scale: 1 }

for (const textPx of [14, 16, 32, 72, 110]) {
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

const denser: [what: string, scale: number, width: number, height: number][] = [
  ['a 4K monitor, whose letters have twice the pixels', 2, 3840, 2160],
  ['a Full HD monitor whose desktop draws letters twice as large', 2, 1920, 1080],
]
for (const [what, scale, width, height] of denser)
  test(`headings of 110 px are not read on ${what}`, async () => {
    const bytes = await page(110 * scale, width, height)
      .jpeg({ quality: 92 })
      .toBuffer()
    const options = { ...whole, blur: true, scale }
    const { bytes: kept } = await editPicture({ form: 'encoded', bytes }, options)
    const enlarge = (picture: Sharp) => picture.resize(960, 540, { kernel: 'cubic', fit: 'fill' })
    assert.ok((await wordsRead(sharp(bytes).resize(1920))).length > 0, 'without blur')
    assert.deepEqual(await wordsRead(enlarge(sharp(kept))), [])
    assert.deepEqual(await wordsRead(enlarge(await unblur(kept, whatBlurs, 60)).normalise()), [])
  })

test('a held picture that is blurred afterwards is as unreadable, although it was reduced before', async () => {
  for (const scalePercent of [50, 100]) {
    const bytes = await page(110, 1920, 1080).png().toBuffer()
    const held = await editPicture({ form: 'encoded', bytes }, { ...whole, scalePercent, blur: false })
    assert.ok((await wordsRead(sharp(held.bytes))).length > 0, 'as it was held')
    // The flow does not know the monitor any more, and takes the safe side.
    const options = { ...whole, blur: true, scale: 2 }
    const { bytes: kept } = await editPicture({ form: 'encoded', bytes: held.bytes }, options)
    const enlarge = (picture: Sharp) => picture.resize(960, 540, { kernel: 'cubic', fit: 'fill' })
    assert.deepEqual(await wordsRead(enlarge(sharp(kept))), [])
    assert.deepEqual(await wordsRead(enlarge(await unblur(kept, whatBlurs, 60)).normalise()), [])
  }
})
