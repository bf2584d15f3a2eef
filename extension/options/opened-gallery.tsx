import { useEffect, useRef, useState } from 'preact/hooks'
import type { ReportScreenshot } from '../../protocol/report.ts'
import { wallClock } from '../../protocol/wall-clock.ts'
import { text } from '../text/catalogue.ts'
import { words } from '../text/local-words.ts'
import { HeldPicture } from '../ui/held-picture.tsx'
import type { Preview, Tracker } from '../ui/tracker.ts'

/** The screenshots of a day by the hour. Small ones are fetched when they come into view, one after the other. */
export function OpenedGallery({
  pictures,
  tracker,
}: {
  pictures: readonly ReportScreenshot[]
  tracker: Tracker
}) {
  const [enlarged, setEnlarged] = useState<number>()
  const gallery = useRef<HTMLDivElement>(null)
  const queue = useRef(Promise.resolve())
  const viewable = pictures.filter(({ state }) => state === 'delivered')
  const hours = Map.groupBy(pictures, ({ at, zone }) =>
    Math.floor(wallClock(Date.parse(at), zone).minute / 60),
  )
  const buttons = () => [...(gallery.current?.querySelectorAll<HTMLElement>('button') ?? [])]
  const [current, setCurrent] = useState(0)

  /** Nothing is asked for twice at the same moment: the tracker has other work. */
  function fetchSmall(object: string, isWanted: () => boolean): Promise<Preview | undefined> {
    const fetched = queue.current.then(async () => {
      if (!isWanted()) return undefined
      const shown = await tracker.openedPicture(object, 'small')
      return 'code' in shown ? undefined : shown
    })
    queue.current = fetched.then(
      () => undefined,
      () => undefined,
    )
    return fetched
  }

  function follow(event: KeyboardEvent): void {
    const all = buttons()
    const at = all.findIndex(button => button === document.activeElement)
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -all.length, End: all.length }[event.key]
    if (at < 0 || step === undefined) return
    event.preventDefault()
    const next = Math.min(all.length - 1, Math.max(0, at + step))
    setCurrent(next)
    all[next]?.focus()
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrows go from button to button
    <div class="gallery" ref={gallery} data-testid="opened-gallery" onKeyDown={follow}>
      {[...hours].map(([hour, shots]) => (
        <section key={`${hour} ${shots[0]?.at}`}>
          <h4>{text.opened.hour({ hour: words.hour(hour), count: words.number(shots.length) })}</h4>
          <ul>
            {shots.map(shot => {
              const place = viewable.indexOf(shot)
              return (
                <Thumbnail
                  key={shot.object}
                  shot={shot}
                  isCurrent={place === Math.min(current, viewable.length - 1)}
                  fetchSmall={fetchSmall}
                  onEnlarge={() => {
                    setCurrent(place)
                    setEnlarged(place)
                  }}
                />
              )
            })}
          </ul>
        </section>
      ))}
      {enlarged !== undefined && (
        <Enlarged
          pictures={viewable}
          place={enlarged}
          tracker={tracker}
          onStep={setEnlarged}
          onClose={() => {
            const last = enlarged
            setEnlarged(undefined)
            setCurrent(last)
            buttons()[last]?.focus()
          }}
        />
      )}
    </div>
  )
}

function Thumbnail(props: {
  shot: ReportScreenshot
  /** The one stop of the Tab key. */
  isCurrent: boolean
  fetchSmall: (object: string, isWanted: () => boolean) => Promise<Preview | undefined>
  onEnlarge: () => void
}) {
  const { shot, isCurrent, fetchSmall, onEnlarge } = props
  const [small, setSmall] = useState<Preview | 'failed'>()
  const item = useRef<HTMLLIElement>(null)
  const name = nameOf(shot)
  const isHere = shot.state === 'delivered' && shot.object !== undefined

  useEffect(() => {
    const { object } = shot
    const element = item.current
    if (!isHere || object === undefined || !element) return
    let left = false
    const observer = new IntersectionObserver(
      entries => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return
        observer.disconnect()
        void fetchSmall(object, () => !left).then(shown => {
          if (!left) setSmall(shown ?? 'failed')
        })
      },
      { rootMargin: '200px' },
    )
    observer.observe(element)
    return () => {
      left = true
      observer.disconnect()
    }
  }, [shot.object, isHere])

  return (
    <li ref={item} data-testid="opened-shot" data-state={shot.state}>
      {isHere ? (
        <button
          type="button"
          class="thumbnail"
          tabIndex={isCurrent ? 0 : -1}
          aria-label={text.opened.enlarge(name)}
          onClick={onEnlarge}
        >
          {small === undefined ? (
            <span aria-hidden="true">…</span>
          ) : small === 'failed' ? (
            text.opened.failed
          ) : (
            <HeldPicture preview={small} label={text.opened.content(name)} />
          )}
        </button>
      ) : (
        <span class="thumbnail">{shot.state === 'deleted' ? text.opened.deleted : text.opened.notHere}</span>
      )}
      <p class="small soft">{name}</p>
    </li>
  )
}

function Enlarged(props: {
  pictures: readonly ReportScreenshot[]
  place: number
  tracker: Tracker
  onStep: (place: number) => void
  onClose: () => void
}) {
  const { pictures, place, tracker, onStep } = props
  const [large, setLarge] = useState<{ object: string; shown: Preview | undefined }>()
  const dialog = useRef<HTMLDialogElement>(null)
  const shot = pictures[place]
  const object = shot?.object
  // Modal: the browser keeps the keyboard in it and closes it with Escape.
  useEffect(() => dialog.current?.showModal(), [])
  useEffect(() => {
    if (object === undefined) return
    let left = false
    void tracker.openedPicture(object, 'large').then(shown => {
      if (!left) setLarge({ object, shown: 'code' in shown ? undefined : shown })
    })
    return () => {
      left = true
    }
  }, [object])
  if (!shot) return null
  const name = nameOf(shot)
  const step = (by: number) => {
    if (pictures[place + by]) onStep(place + by)
  }
  const isLoaded = large !== undefined && large.object === object

  return (
    <dialog
      ref={dialog}
      class="enlarged"
      aria-label={text.opened.title(name)}
      onClose={props.onClose}
      onKeyDown={event => {
        if (event.key === 'ArrowLeft') step(-1)
        else if (event.key === 'ArrowRight') step(1)
        else return
        event.preventDefault()
        event.stopPropagation()
      }}
    >
      {isLoaded && large.shown ? (
        <HeldPicture preview={large.shown} label={text.opened.content(name)} />
      ) : (
        <p class="soft">{isLoaded ? text.opened.failed : text.opened.loading}</p>
      )}
      <div class="actions">
        <p class="small" role="status">
          {name}
        </p>
        <button
          type="button"
          aria-disabled={place === 0}
          data-testid="opened-before"
          onClick={() => step(-1)}
        >
          {text.opened.before}
        </button>
        <button
          type="button"
          aria-disabled={place === pictures.length - 1}
          data-testid="opened-after"
          onClick={() => step(1)}
        >
          {text.opened.after}
        </button>
        <button type="button" data-testid="opened-close" onClick={() => dialog.current?.close()}>
          {text.opened.close}
        </button>
      </div>
    </dialog>
  )
}

function nameOf({ at, zone, display = 1, of = 1 }: ReportScreenshot): string {
  const time = words.clock(wallClock(Date.parse(at), zone).minute)
  return text.opened.screen({ time, screen: display, of })
}
