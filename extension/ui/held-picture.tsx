import { useEffect, useRef } from 'preact/hooks'
import type { Preview } from './tracker.ts'

/**
 * Drawn, not linked: there is no address at which the picture could be found, so that the pages' policy stays as
 * strict as it is, and it is gone with the element.
 */
export function HeldPicture({ preview, label }: { preview: Preview; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    let gone = false
    const blob = new Blob([Uint8Array.fromBase64(preview.bytes)], { type: `image/${preview.format}` })
    createImageBitmap(blob).then(
      bitmap => {
        if (!gone) canvas.current?.getContext('2d')?.drawImage(bitmap, 0, 0)
        bitmap.close()
      },
      error => console.warn('The preview could not be drawn', error),
    )
    return () => {
      gone = true
    }
  }, [preview])
  return (
    <canvas
      ref={canvas}
      width={preview.width}
      height={preview.height}
      role="img"
      aria-label={label}
      data-testid="held-picture"
    />
  )
}
