import { useContext, useEffect, useRef, useState } from 'preact/hooks'
import { describeShot } from '../../../../extension/text/picture-words.ts'
import type { ReportScreenshot } from '../../../../protocol/report.ts'
import { PicturesContext, usePicture } from '../pictures.ts'
import { text } from '../text.ts'

/** Read when it comes into view. */
export function Thumbnail(props: { shot: ReportScreenshot; label: string; onOpen: () => void }) {
  const { shot, label, onOpen } = props
  const { kind } = useContext(PicturesContext)
  const element = useRef<HTMLButtonElement>(null)
  const isSeen = useSeen(element)
  const [isBroken, setBroken] = useState(false)
  const address = usePicture(shot.object, isSeen && kind !== 'none')
  return (
    <button
      type="button"
      class="thumbnail"
      ref={element}
      aria-label={label}
      onClick={onOpen}
      data-testid="shot"
    >
      {kind === 'none' && <span class="small">{describeShot(shot)}</span>}
      {address !== undefined && !isBroken && (
        <img src={address} alt="" decoding="async" onError={() => setBroken(true)} />
      )}
      {isBroken && <span class="small">{text.gallery.unreadable}</span>}
      {kind !== 'none' && shot.blurred && <span class="tag">{text.gallery.blurred}</span>}
    </button>
  )
}

function useSeen(element: { current: Element | null }): boolean {
  const [isSeen, setSeen] = useState(false)
  useEffect(() => {
    if (!element.current) return
    const observer = new IntersectionObserver(
      entries => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return
        observer.disconnect()
        setSeen(true)
      },
      { rootMargin: '300px' },
    )
    observer.observe(element.current)
    // What is printed need not be in view.
    const print = () => setSeen(true)
    addEventListener('beforeprint', print)
    return () => {
      observer.disconnect()
      removeEventListener('beforeprint', print)
    }
  }, [element])
  return isSeen
}
