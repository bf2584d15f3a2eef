import type { Rule } from '../../native-host/detection/rules/rule.ts'
import { createStrokes, type Stroke } from '../../native-host/detection/strokes.ts'
import type { InputEvent } from '../../native-host/input/input-event.ts'
import { knownInput } from './known-input.ts'

type Added = [amount: number, since: number, at: number]

/** Hands a rule what the detector would, and tells what it adds. */
export function ruleRun(rule: Rule, events: readonly InputEvent[]): Added[] {
  const added: Added[] = []
  const add = (...of: Added) => added.push(of)
  const strokes = createStrokes()
  const stroke = (ended: Stroke | undefined) => ended && rule.onStroke?.(ended, add)
  for (const event of events) {
    stroke(strokes.endedBy(event))
    if (event.kind === 'move') strokes.add(event)
    rule.onEvent?.(event, add)
  }
  stroke(strokes.settle(Number.POSITIVE_INFINITY))
  return added
}

/**
 * What a new rule makes of each known input that it says anything about: how often, the sums of what it adds, of since
 * when and of when, in seconds and each times its number, and the figures of its sentence. Of JavaScript's functions the last digits differ from
 * machine to machine.
 */
export function verdictsOn(create: () => Rule): Record<string, string> {
  const told = Object.entries(knownInput).map(([name, events]) => {
    const rule = create()
    const added = ruleRun(rule, events)
    const sum = (column: 0 | 1 | 2) => added.reduce((total, of, index) => total + (index + 1) * of[column], 0)
    const { text } = rule.evidence()
    const figures = text.match(/\d+(\.\d+)?/g)?.join(' ') ?? ''
    const sums = `${sum(0).toFixed(2)} since ${(sum(1) / 1000).toFixed(2)} at ${(sum(2) / 1000).toFixed(2)}`
    return [name, added.length === 0 ? '' : `${added.length}: ${sums}, says ${figures}`] as const
  })
  return Object.fromEntries(told.filter(([, said]) => said !== ''))
}

/** A stroke of these steps, each after so many milliseconds. */
export function strokeOf(
  steps: readonly [dx: number, dy: number, ms: number][],
  of: Partial<Stroke> = {},
): Stroke {
  const column = (values: readonly number[]) => Float64Array.from(values)
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const lengths = steps.map(([dx, dy]) => Math.hypot(dx, dy))
  const timed = steps.map(([, , ms]) => ms).filter(ms => !Number.isNaN(ms))
  return {
    from: 0,
    to: sum(timed),
    pauseMs: Number.POSITIVE_INFINITY,
    steps: steps.length,
    dx: column(steps.map(([dx]) => dx)),
    dy: column(steps.map(([, dy]) => dy)),
    length: column(lengths),
    interval: column(steps.map(([, , ms]) => ms)),
    path: sum(lengths),
    netX: sum(steps.map(([dx]) => dx)),
    netY: sum(steps.map(([, dy]) => dy)),
    ...of,
  }
}
