import type { JSX } from 'preact'
import { type HiddenSpan, type Part, placeOn, secondsPerSlot } from '../../model/day-picture.ts'
import type { Axis } from '../../model/lane-layout.ts'
import { type PresenceKind, presenceKind } from '../../model/presence-kind.ts'

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
  return <button {...button} data-kind={kindOf(part)} />
}

export function kindOf(part: Extract<Part, { row: 'presence' }>): PresenceKind | HiddenSpan['kind'] {
  return 'hidden' in part ? part.hidden : presenceKind(part.span)
}

export function styleOf(ends: { fromMs: number; toMs: number }, axis: Axis): { left: string; width: string } {
  const { at, length } = placeOn(axis, ends)
  return { left: percent(at), width: percent(length) }
}

export const percent = (share: number) => `${(share * 100).toFixed(3)}%`

const share = (seconds: number) => percent(Math.min(1, seconds / secondsPerSlot))
