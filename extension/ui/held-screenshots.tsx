import './held-screenshots.css'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Problem } from '../../protocol/errors.ts'
import type { HeldScreenshot, Status } from '../../protocol/status.ts'
import { text } from '../text/catalogue.ts'
import { describeHeld, nameHeld } from '../text/held-words.ts'
import { words } from '../text/local-words.ts'
import { ConfirmationNote } from './confirmation-note.tsx'
import { HeldPicture } from './held-picture.tsx'
import { ProblemNote } from './problem-note.tsx'
import type { Preview, Tracker } from './tracker.ts'
import { WishButton } from './wish-button.tsx'

type Props = {
  held: readonly HeldScreenshot[]
  status: Pick<Status, 'screenshots' | 'confirmation' | 'destination'> | undefined
  nowMs: number
  tracker: Tracker
}

/** What was taken and is not on its way yet: to look at, to blur, to delete. The heading is the page's. */
export function HeldScreenshots({ held, status, nowMs, tracker }: Props) {
  const [said, setSaid] = useState('')
  const [problem, setProblem] = useState<Problem>()
  const list = useRef<HTMLUListElement>(null)

  const asked = status?.confirmation?.kind === 'pictures' ? status.confirmation : undefined
  const unlocked = (status?.screenshots.unlocked_until ?? null) !== null

  function answer(found: Problem | undefined, done: string): void {
    setProblem(found)
    setSaid(found ? '' : done)
  }

  return (
    <div class="held-screenshots">
      <p class="soft small" role="status" data-testid="held-said">
        {said}
      </p>
      {problem && <ProblemNote problem={problem} />}
      {asked && <ConfirmationNote confirmation={asked} nowMs={nowMs} />}
      <ul ref={list} tabIndex={-1} aria-label={text.held.heading}>
        {held.map(picture => (
          <Held
            // Blurred it is another object, in the same place.
            key={`${picture.taken} ${picture.display}`}
            picture={picture}
            locked={!picture.blurred && !unlocked}
            kind={status?.destination.kind ?? 'folder'}
            nowMs={nowMs}
            tracker={tracker}
            onBlurred={found => answer(found, text.held.nowBlurred)}
            onDeleted={found => {
              answer(found, text.held.nowDeleted)
              // Its own buttons go with it, and with them the place of the keyboard.
              if (!found) list.current?.focus()
            }}
            onProblem={setProblem}
            // What waits is said by the note above, for as long as it does.
            onUnlock={found => setProblem(found?.code === 'CONFIRMATION_WAITS' ? undefined : found)}
          />
        ))}
      </ul>
    </div>
  )
}

function Held(props: {
  picture: HeldScreenshot
  /** Not to be seen in a browser before the person allows it outside. */
  locked: boolean
  kind: Status['destination']['kind']
  nowMs: number
  tracker: Tracker
  onBlurred: (problem: Problem | undefined) => void
  onDeleted: (problem: Problem | undefined) => void
  onProblem: (problem: Problem | undefined) => void
  onUnlock: (problem: Problem | undefined) => void
}) {
  const { picture, locked, nowMs, tracker } = props
  const { object, blurred, viewable } = picture
  const [wanted, setWanted] = useState(false)
  const [small, setSmall] = useState<Preview>()
  const [large, setLarge] = useState<Preview>()
  const name = nameHeld(picture, nowMs, words)

  useEffect(() => {
    if (wanted && !locked) void tracker.preview(object, 'small').then(shown => take(shown, setSmall))
  }, [wanted, object])
  useEffect(() => {
    if (!locked) return
    setWanted(false)
    setSmall(undefined)
    setLarge(undefined)
  }, [locked])

  function take(shown: Preview | Problem, set: (preview: Preview | undefined) => void): void {
    const failed = 'code' in shown
    set(failed ? undefined : shown)
    props.onProblem(failed ? shown : undefined)
  }

  return (
    <li data-testid="held">
      {viewable && !locked ? (
        <button
          type="button"
          class="thumbnail"
          data-testid="held-show"
          aria-label={small ? undefined : text.held.showLabel(name)}
          onClick={() => {
            if (small) void tracker.preview(object, 'large').then(shown => take(shown, setLarge))
            else setWanted(true)
          }}
        >
          {small ? <HeldPicture preview={small} label={text.held.enlargeLabel(name)} /> : text.held.show}
        </button>
      ) : (
        <span class="thumbnail" aria-hidden="true">
          {viewable ? text.held.hidden : text.held.encrypted}
        </span>
      )}
      <div>
        <p>{name}</p>
        <p class="soft small" data-testid="held-fate" data-blurred={blurred}>
          {describeHeld(picture, props.kind, nowMs)}
        </p>
        {viewable && locked && <p class="soft small">{text.held.locked}</p>}
        <div class="actions">
          {viewable && locked && (
            <WishButton
              tracker={tracker}
              wish={() => ({ type: 'unlock-pictures' })}
              onAnswer={props.onUnlock}
              testId="held-unlock"
              label={text.held.unlockLabel(name)}
            >
              {text.held.unlock}
            </WishButton>
          )}
          {viewable && !blurred && (
            <WishButton
              tracker={tracker}
              wish={() => ({ type: 'blur-held', object })}
              onAnswer={props.onBlurred}
              testId="held-blur"
              label={text.held.blurLabel(name)}
            >
              {text.held.blur}
            </WishButton>
          )}
          <WishButton
            tracker={tracker}
            wish={() => ({ type: 'delete-held', object })}
            onAnswer={props.onDeleted}
            testId="held-delete"
            label={text.held.deleteLabel(name)}
          >
            {text.held.delete}
          </WishButton>
        </div>
      </div>
      {large && <Enlarged preview={large} name={name} onClose={() => setLarge(undefined)} />}
    </li>
  )
}

function Enlarged(props: { preview: Preview; name: string; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  // Modal: the browser keeps the keyboard in it, closes it with Escape and gives the focus back.
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} class="enlarged" aria-label={text.held.title(props.name)} onClose={props.onClose}>
      <HeldPicture preview={props.preview} label={text.held.contentLabel(props.name)} />
      <div class="actions">
        <button type="button" data-testid="held-close" onClick={() => dialog.current?.close()}>
          {text.held.close}
        </button>
      </div>
    </dialog>
  )
}
