import type { Evidence } from '../../protocol/records.ts'
import type { InputEvent } from '../input/input-event.ts'
import { createEvidenceSum, silentMs } from './evidence-sum.ts'
import pointerWeights from './pointer-model.json' with { type: 'json' }
import { clicks } from './rules/clicks.ts'
import { evenMotion } from './rules/even-motion.ts'
import { jumps } from './rules/jumps.ts'
import { loops } from './rules/loops.ts'
import { type PointerWeights, pointerModel } from './rules/pointer-model.ts'
import { rhythm } from './rules/rhythm.ts'
import type { Rule } from './rules/rule.ts'
import { typing } from './rules/typing.ts'
import { typingFlow } from './rules/typing-flow.ts'
import { createStrokes } from './strokes.ts'

/** Raise it when a rule or a limit changes, so that old verdicts can be told from new ones. */
export const rulesVersion = 6

export type Strictness = 'low' | 'normal' | 'high'
export type DetectorLimits = { strictness: Strictness; jumpPx: number }

/** A stretch of time whose input does not look like a person's. All times are those of the events. */
export type Stretch = {
  from: number
  to: number
  /** When this was known. */
  flaggedAt: number
  verdict: 'suspect' | 'scripted'
  /** 0.5 at the limit, towards 1 far above it. */
  confidence: number
  /** The strongest first, at most three. */
  evidence: Evidence[]
}

/** With the rules that it rests on, the strongest first. */
type OpenStretch = Omit<Stretch, 'evidence'> & { by: readonly Rule[] }

export type DetectorRule = {
  /** As its evidence names it. */
  feature: string
  /** What it looks at, in a sentence of docs/detection.md. */
  means: string
  /** How much evidence is needed. Lies above all that was seen of the people it was set on. */
  limit: number
  create(limits: () => DetectorLimits, weights: PointerWeights): Rule
}

export const detectorRules: readonly DetectorRule[] = [
  {
    feature: 'even_motion',
    means: 'strokes at one speed in equal steps; a hand starts and stops slowly',
    limit: 8,
    create: evenMotion,
  },
  {
    feature: 'pointer_jumps',
    means: 'strokes of one long step, and clicks after them that are not held',
    limit: 19,
    create: jumps,
  },
  {
    feature: 'loop',
    means: 'the same strokes again in the same order, in bits of surprise',
    limit: 80,
    create: loops,
  },
  {
    feature: 'rhythm',
    means: 'strokes, or clicks, keys and turns of the wheel after a silence, that begin at equal intervals',
    limit: 8,
    create: rhythm,
  },
  {
    feature: 'clicks_alike',
    means: 'clicks without a hand’s way to them, all held equally short or at equal intervals',
    limit: 10,
    create: clicks,
  },
  {
    feature: 'typing_alike',
    means: 'keys that are not held, or waits between them that are too alike',
    limit: 10,
    create: typing,
  },
  {
    feature: 'typing_flow',
    means: 'a hundred waits between keys of which none is long; people hesitate',
    limit: 12,
    create: typingFlow,
  },
  {
    feature: 'pointer_style',
    means: 'how the last nine strokes were drawn, by a model fitted to people and tools',
    limit: 5.3,
    create: (_, weights) => pointerModel(weights),
  },
]

/** By how much the limits are raised or lowered. */
const scales: Record<Strictness, number> = { low: 1.5, normal: 1, high: 0.7 }
/** So many limits make a suspicion a verdict. */
const scriptedFrom = 1.4
/** A stretch is over when nothing has spoken for a script for so long, once there is too little evidence left. */
const endsAfterMs = 60_000

type Running = { rule: Rule; sum: ReturnType<typeof createEvidenceSum> }

/**
 * Watches a stream of input and finds the stretches of it that do not look like a person's. Costs the same for each
 * event, however long it runs, and knows nothing but when, where and which kind: no key.
 */
export function createDetector(limits: () => DetectorLimits, weights: PointerWeights = pointerWeights) {
  const strokes = createStrokes()
  const running = detectorRules.map(({ feature, limit, create }) => {
    const sum = createEvidenceSum(limit)
    return {
      feature,
      rule: create(limits, weights),
      sum,
      add(amount: number, since: number, at: number) {
        sum.add(amount, since, at)
        now = Math.max(now, at)
        changed = true
      },
    }
  })
  let now = Number.NEGATIVE_INFINITY
  const listening = running.filter(({ rule }) => rule.onEvent)
  /** Whether any sum did since the last review. */
  let changed = false
  let open: OpenStretch | undefined
  const closed: Stretch[] = []

  return {
    observe(events: readonly InputEvent[]): void {
      for (const event of events) observeOne(event)
    },

    observeOne,

    /** Says nothing for or against anybody, but the pointer may be elsewhere now. */
    passOver(events: readonly InputEvent[]): void {
      for (const event of events) {
        now = Math.max(now, event.at)
        if (event.kind === 'move') strokes.follow(event)
      }
    },

    /** Judges what is over although nothing followed it. To be called now and then. */
    settle(at: number): void {
      const stroke = strokes.settle(at)
      now = Math.max(now, at)
      if (stroke) for (const { rule, add } of running) rule.onStroke?.(stroke, add)
      review()
    },

    /** The stretch that goes on now. */
    current: () => open && withEvidence(open),

    /** The most evidence that there ever was of each kind; 1 is the limit of normal strictness. */
    highest: () => running.map(({ feature, sum }) => ({ feature, level: sum.highest() })),

    hasEnded: () => closed.length > 0,

    /** The stretches that ended since the last call, and with `end` also the one that goes on. */
    take(end: 'ended' | 'all' = 'ended'): Stretch[] {
      if (end === 'all') close()
      return closed.splice(0)
    },
  }

  function observeOne(event: InputEvent): void {
    now = event.at
    const stroke = strokes.endedBy(event)
    if (stroke) for (const { rule, add } of running) rule.onStroke?.(stroke, add)
    if (event.kind === 'move') strokes.add(event)
    for (const { rule, add } of listening) rule.onEvent?.(event, add)
    if (changed) review()
  }

  /** Whether a stretch begins, goes on or is over. */
  function review(): void {
    changed = false
    const scale = scales[limits().strictness]
    const over = running.filter(({ sum }) => sum.level() >= scale && now - sum.raisedAt() <= silentMs)
    if (over.length > 0) open = flagged(open, over, scale, now)
    else if (open && isAtItsEnd(running, scale, now)) close()
  }

  function close(): void {
    if (open) closed.push(withEvidence(open))
    open = undefined
    for (const { sum } of running) if (sum.level() > 0.5) sum.reset()
  }
}

/** Little evidence is left, or nothing has spoken for a script for a while. */
function isAtItsEnd(running: readonly Running[], scale: number, now: number): boolean {
  const raisedAt = Math.max(...running.map(({ sum }) => (sum.level() > 0 ? sum.raisedAt() : 0)))
  const doubtful = running.some(({ sum }) => sum.level() >= scale / 2)
  return !doubtful || now - raisedAt > endsAfterMs
}

/** The stretch with what the rules that are over their limit say now. */
function flagged(
  open: OpenStretch | undefined,
  over: readonly Running[],
  scale: number,
  now: number,
): OpenStretch {
  const strongest = over.toSorted((a, b) => b.sum.level() - a.sum.level())
  const level = (strongest[0]?.sum.level() ?? 0) / scale
  const scripted = level >= scriptedFrom || over.length > 1
  const from = Math.min(...over.map(({ sum }) => sum.from()))
  const confidence = Math.round(100 * (level / (1 + level))) / 100
  return {
    from: Math.min(open?.from ?? from, from),
    to: Math.max(open?.to ?? 0, ...over.map(({ sum }) => sum.raisedAt())),
    flaggedAt: open?.flaggedAt ?? now,
    verdict: scripted || open?.verdict === 'scripted' ? 'scripted' : 'suspect',
    confidence: Math.max(confidence, open?.confidence ?? 0),
    by: strongest.slice(0, 3).map(({ rule }) => rule),
  }
}

/** The sentences are made on request. */
function withEvidence({ by, ...stretch }: OpenStretch): Stretch {
  return { ...stretch, evidence: by.map(rule => rule.evidence()) }
}
