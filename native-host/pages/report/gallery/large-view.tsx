import { useEffect, useRef } from 'preact/hooks'
import { clockTime } from '../../../../extension/text/lane-words.ts'
import { words } from '../../../../extension/text/local-words.ts'
import { describeShot } from '../../../../extension/text/picture-words.ts'
import type { ReportDay, ReportScreenshot } from '../../../../protocol/report.ts'
import { Icon } from '../../parts/icon.tsx'
import { usePicture } from '../pictures.ts'
import { text } from '../text.ts'

type Props = {
  day: ReportDay
  shot: ReportScreenshot
  onMove: (shot: ReportScreenshot) => void
  onClose: () => void
}

/** One screenshot as large as the window, and from there to the others of the day. */
export function LargeView({ day, shot, onMove, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const address = usePicture(shot.object, shot.state === 'delivered')
  const shots = day.screenshots.filter(({ state }) => state !== 'skipped')
  const place = shots.indexOf(shot)
  const go = (to: number) => {
    const next = shots[to]
    if (next) onMove(next)
  }
  useEffect(() => dialog.current?.showModal(), [])

  function follow(event: KeyboardEvent): void {
    const to = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: shots.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    go(to)
  }

  const time = clockTime(shot.at, day, words)
  return (
    <dialog
      ref={dialog}
      class="large"
      aria-label={time}
      onKeyDown={follow}
      onClose={onClose}
      data-testid="large-view"
    >
      <div class="row">
        <p aria-live="polite">
          <strong data-testid="large-time">{time}</strong> {describeShot(shot)}
          {shot.width && shot.height ? ` · ${text.gallery.size(shot.width, shot.height)}` : ''}
          <span class="soft">
            {' '}
            · {text.gallery.place(words.number(place + 1), words.number(shots.length))}
          </span>
        </p>
        <div class="actions">
          <Move icon="before" label={text.gallery.before} isThere={place > 0} onGo={() => go(place - 1)} />
          <Move
            icon="after"
            label={text.gallery.after}
            isThere={place < shots.length - 1}
            onGo={() => go(place + 1)}
          />
          <button type="button" aria-label={text.gallery.close} onClick={() => dialog.current?.close()}>
            <Icon name="close" />
          </button>
        </div>
      </div>
      <div class="picture">
        {address === undefined ? (
          <p class="soft">{shot.state === 'delivered' ? text.gallery.noPictures : describeShot(shot)}</p>
        ) : (
          <img src={address} alt={describeShot(shot)} />
        )}
      </div>
      <p class="soft small">{text.gallery.keys}</p>
    </dialog>
  )
}

function Move(props: { icon: 'before' | 'after'; label: string; isThere: boolean; onGo: () => void }) {
  return (
    // Not `disabled`, which would drop the keyboard's focus.
    <button type="button" aria-label={props.label} aria-disabled={!props.isThere} onClick={props.onGo}>
      <Icon name={props.icon} />
    </button>
  )
}
