import type { JSX } from 'preact'
import { type Part, placeOn, secondsPerSlot } from '../../model/day-picture.ts'
import type { Axis } from '../../model/lane-layout.ts'
import { isAmiss } from '../../text/lane-words.ts'

/** What every part of the picture has in common: its place, its name, and that one of all is a stop of the Tab key. */
export type PartButton = Pick<
  JSX.IntrinsicElements['button'],
  'type' | 'ref' | 'style' | 'tabIndex' | 'aria-label' | 'onFocus' | 'onPointerEnter'
>

export function Bar({ part, button }: { part: Extract<Part, { row: 'bars' }>; button: PartButton }) {
  return (
    <button {...button}>
      {part.flagged > 0 && <b class="flagged" style={{ height: share(part.flagged) }} />}
      {part.genuine > 0 && <b class="genuine" style={{ height: share(part.genuine) }} />}
    </button>
  )
}

export function PresenceBlock({
  part,
  button,
}: {
  part: Extract<Part, { row: 'presence' }>
  button: PartButton
}) {
  return <button {...button} data-kind={presenceKind(part)} />
}

export type PresenceKind = 'active' | 'idle' | 'away' | 'paused' | 'off' | 'gap' | 'withheld' | 'missing'

/** As the legend names it. */
export function presenceKind(part: Extract<Part, { row: 'presence' }>): PresenceKind {
  if ('hidden' in part) return part.hidden
  const { span } = part
  switch (span.lane) {
    case 'active':
      return 'active'
    case 'idle':
      return span.presence === 'idle' ? 'idle' : 'away'
    case 'paused':
      return isAmiss(span) ? 'gap' : 'paused'
    case 'gap':
      return isAmiss(span) ? 'gap' : 'off'
    default:
      throw span satisfies never
  }
}

export function styleOf(ends: { fromMs: number; toMs: number }, axis: Axis): { left: string; width: string } {
  const { at, length } = placeOn(axis, ends)
  return { left: percent(at), width: percent(length) }
}

export const percent = (share: number) => `${(share * 100).toFixed(3)}%`

const share = (seconds: number) => percent(Math.min(1, seconds / secondsPerSlot))
