import type { BlurReason } from '../../protocol/blur-reasons.ts'

type Area = { x: number; y: number; width: number; height: number }

/** An area that must not be visible, and why. */
export type HiddenArea = { area: Area; reason: BlurReason }

/** The reasons of all areas that touch the monitor, even by a pixel. An unknown monitor may be any. */
export function reasonsOn(monitor: Area | undefined, hidden: readonly HiddenArea[]): BlurReason[] {
  const shown = hidden.filter(({ area }) => monitor === undefined || overlap(monitor, area))
  return [...new Set(shown.map(({ reason }) => reason))]
}

function overlap(one: Area, other: Area): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  )
}
