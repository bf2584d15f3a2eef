export type PreviewSize = 'small' | 'large'

/** In pixels: a picture in a strip, and a picture alone on a page. */
const mostWidth: Record<PreviewSize, number> = { small: 320, large: 1600 }

/**
 * By how much a picture is to be reduced for a preview, in percent of its width and height: the best first, and then
 * smaller ones for pictures with too many bytes.
 */
export function previewScales({ width }: { width: number }, size: PreviewSize): number[] {
  const best = Math.min(100, (100 * mostWidth[size]) / width)
  return [best, best / 2, best / 4]
}
