import type { Confirmation } from '../../protocol/confirmation.ts'
import { describeWeakening, type Weakening } from './weakening.ts'

/** The requests of a browser: a variant for each row of protocol/confirmation.ts. */
export type Proposal =
  | { kind: 'pictures' }
  | { kind: 'opened' }
  | { kind: 'weakening'; weakenings: readonly Weakening[] }

type Words = Pick<Confirmation, 'question' | 'changes'> & {
  /** The label of the refusing button, which is the default: what stays as it is. */
  keep: string
  accept: string
}

/** In the tracker's own words: only the name may come from the client. */
export function wordsOf(proposal: Proposal): Words {
  switch (proposal.kind) {
    case 'pictures':
      return {
        question: 'Show unblurred screenshots in browsers for ten minutes?',
        changes: [],
        keep: 'Keep hidden',
        accept: 'Show',
      }
    case 'opened':
      return {
        question: 'Decrypt past days and show their screenshots in browsers for ten minutes?',
        changes: [],
        keep: 'Keep encrypted',
        accept: 'Show',
      }
    case 'weakening':
      return {
        question: proposal.weakenings.every(({ kind }) => kind === 'consent')
          ? 'Start recording?'
          : 'Allow a change that protects you less?',
        changes: proposal.weakenings.map(describeWeakening),
        keep: 'Keep as it is',
        accept: 'Change',
      }
    default:
      throw proposal satisfies never
  }
}

/** Without characters that are easily confused: 0 and O, 1, I and L, U and V. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTWXYZ'
const codeLength = 4

/** @param random from 0 to below 1. A code is no secret: it identifies the question. */
export function newCode(random: () => number): string {
  return Array.from(
    { length: codeLength },
    () => alphabet[Math.floor(random() * alphabet.length)] ?? '',
  ).join('')
}

/** As a person types it. */
export function isCode(typed: string, code: string): boolean {
  return typed.toUpperCase().replace(/[\s-]/g, '') === code
}

const refusalsBeforeLock = 3
const dayMs = 24 * 3_600_000

/** How often in a row the person has refused requests of browsers, and when last. */
export type Refusals = { count: number; last: string }

/** Whether browsers may not ask now, because the person has refused so often within a day. */
export function isLocked(refusals: Refusals | undefined, nowMs: number): boolean {
  return refusals !== undefined && refusals.count >= refusalsBeforeLock && isRecent(refusals, nowMs)
}

export function withRefusal(refusals: Refusals | undefined, at: string): Refusals {
  const before = refusals && isRecent(refusals, Date.parse(at)) ? refusals.count : 0
  return { count: before + 1, last: at }
}

/** A refusal in the future was given before the clock was set back, and counts. */
function isRecent({ last }: Refusals, nowMs: number): boolean {
  return nowMs < Date.parse(last) + dayMs
}
