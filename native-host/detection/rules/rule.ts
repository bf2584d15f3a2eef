import type { Evidence } from '../../../protocol/records.ts'
import type { InputEvent } from '../../input/input-event.ts'
import type { Stroke } from '../strokes.ts'

/**
 * One kind of evidence. A rule looks at strokes or events and says how much each speaks for a script (above zero) or
 * for a person (below); its amounts are added up by an evidence sum with the rule's limit. All state is bounded.
 */
export type Rule = {
  onStroke?(stroke: Stroke, add: AddEvidence): void
  onEvent?(event: InputEvent, add: AddEvidence): void
  /** In plain words with figures: what was seen last that spoke for a script. */
  evidence(): Evidence
}

/** @param since where what is judged began  @param at when it was known, which is now */
export type AddEvidence = (amount: number, since: number, at: number) => void

export function evidence(feature: string, value: number, text: string): Evidence {
  return { feature, value, text }
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 0)} s`
}
