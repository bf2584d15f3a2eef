import { AppError } from '../../protocol/errors.ts'
import { maxPreviewLength } from '../../protocol/messages.ts'
import type { HeldPicture, ImageEditor, Picture } from './ports.ts'
import { type PreviewSize, previewScales } from './preview-scales.ts'

const previewQuality = 60
/** In base64 that is as much as a message takes. */
const mostPreviewBytes = Math.floor((maxPreviewLength * 3) / 4)

/** As large as one message may be. @throws AppError CAPTURE_FAILED */
export async function makePreview(
  image: ImageEditor,
  picture: Pick<HeldPicture, 'width'>,
  bytes: Uint8Array,
  size: PreviewSize,
): Promise<Picture> {
  for (const scalePercent of previewScales(picture, size)) {
    const options = { scalePercent, quality: previewQuality, blur: false, scale: 1 }
    const preview = await image.encode({ form: 'encoded', bytes }, options)
    if (preview.bytes.length <= mostPreviewBytes) return preview
  }
  throw new AppError('CAPTURE_FAILED', { detail: 'no preview was small enough' })
}
