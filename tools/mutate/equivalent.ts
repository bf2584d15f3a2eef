import { basename } from 'node:path'
import type { Mutant } from './mutants.ts'

export type Row = {
  /** Its name without the folder. */
  file: string
  line: string
  change: string
  /** Where equal lines of the file have the same change: which of them. Left out, all of them. */
  nth?: number
  why: string
}

/**
 * Changes that no test can notice, because the program does the same with them. A row counts only while its line
 * reads as it does here.
 */
export const equivalent: readonly Row[] = [
  {
    file: 'jumps.ts',
    line: 'return jumpPx <= 500 ? jumpPx / 5 : Math.min(jumpPx, 5 * jumpPx - 2400)',
    change: '<= → <',
    why: 'at 500 both sides are 100',
  },
  {
    file: 'rhythm.ts',
    line: 'const { beats, intervalMs } = presses.next(event.at) ?? { beats: 0, intervalMs: 0 }',
    change: '0 → 1',
    why: 'up to two beats count as chance, before the interval is looked at',
  },
  {
    file: 'rhythm.ts',
    line: 'if (gained > 0) add(-gained, event.at, event.at)',
    change: '0 → 1',
    why: 'it is 0, or 2 and more',
  },
  {
    file: 'rhythm.ts',
    line: 'let beats = 0',
    change: '0 → 1',
    why: 'the first interval has none before it, and sets it to 0',
  },
  {
    file: 'typing.ts',
    line: 'if (wait > largest) largest = wait',
    change: '> → >=',
    why: 'both are the same value then',
  },
  {
    file: 'clicks.ts',
    line: 'if (value > largest) largest = value',
    change: '> → >=',
    why: 'both are the same value then',
  },
  {
    file: 'stroke-features.ts',
    line: 'if (px > largest) largest = px',
    change: '> → >=',
    why: 'both are the same value then',
  },
  {
    file: 'explain-gaps.ts',
    line: 'if (piece.from < common.from) rest.push({ from: piece.from, to: common.from })',
    change: '< → <=',
    why: 'a rest of no length is shorter than a seam, and no claim covers any of it',
  },
  {
    file: 'explain-gaps.ts',
    line: 'if (common.to < piece.to) rest.push({ from: common.to, to: piece.to })',
    change: '< → <=',
    why: 'a rest of no length is shorter than a seam, and no claim covers any of it',
  },
  {
    file: 'check-heads.ts',
    line: 'const to = Math.max(0, ...state.awaited.keys())',
    change: '0 → 1',
    why: 'where none is awaited, none is awaited at 1 either',
  },
  {
    file: 'recording.ts',
    line: 'if (to - start > exactDigits) return Number.NaN',
    change: '> → <=',
    why: 'what is not read in the plain way is read by its cells, with the same result',
  },
  {
    file: 'recording.ts',
    line: 'if (to - start > exactDigits) return Number.NaN',
    change: '> → >=',
    why: 'what is not read in the plain way is read by its cells, with the same result',
  },
  {
    file: 'recording.ts',
    line: 'if (size > most) return Number.NaN',
    change: '> → >=',
    why: 'what is not read in the plain way is read by its cells, with the same result',
  },
  {
    file: 'recording.ts',
    line: "const name = line.indexOf(',', time) + 1",
    change: '+ → -',
    why: 'what is not read in the plain way is read by its cells, with the same result',
  },
  {
    file: 'recording.ts',
    line: "const x = line.indexOf(',', name) + 1",
    change: '+ → -',
    why: 'what is not read in the plain way is read by its cells, with the same result',
  },
  {
    file: 'recording.ts',
    line: 'if (time === 0 || name === 0 || x === 0 || y === 0 || button === 0) return undefined',
    change: '0 → 1',
    why: 'what is not read in the plain way is read by its cells, with the same result',
  },
  {
    file: 'recording.ts',
    line: 'const start = line.charCodeAt(from) === code.minus ? from + 1 : from',
    change: '+ → -',
    why: 'what is not read in the plain way is read by its cells, with the same result',
  },
  {
    file: 'recording.ts',
    line: 'if (Number.isNaN(at + x + y + button)) return undefined',
    change: '+ → -',
    why: 'a difference with what is no number is none either',
  },
  {
    file: 'typing.ts',
    line: 'variation: mean > 0 ? deviation / mean : 0,',
    change: '> → >=',
    why: 'with a mean below half a millisecond nothing is judged',
  },
  {
    file: 'typing.ts',
    line: 'variation: mean > 0 ? deviation / mean : 0,',
    change: '0 → 1',
    nth: 2,
    why: 'with a mean below half a millisecond nothing is judged',
  },
  {
    file: 'typing.ts',
    line: 'skew: deviation > 0 ? cubes / waits.length / deviation ** 3 : 0,',
    change: '> → >=',
    why: 'waits that are all alike are judged before this is looked at',
  },
  {
    file: 'typing.ts',
    line: 'skew: deviation > 0 ? cubes / waits.length / deviation ** 3 : 0,',
    change: '0 → 1',
    nth: 2,
    why: 'waits that are all alike are judged before this is looked at',
  },
  {
    file: 'typing.ts',
    line: 'longest: mean > 0 ? largest / mean : 1,',
    change: '> → >=',
    why: 'with a mean below half a millisecond nothing is judged',
  },
  {
    file: 'typing.ts',
    line: 'longest: mean > 0 ? largest / mean : 1,',
    change: '1 → 2',
    why: 'with a mean below half a millisecond nothing is judged',
  },
  {
    file: 'typing.ts',
    line: 'holdVariation: hold > 0 ? Math.sqrt(Math.max(0, heldSquares / holds.length - hold * hold)) / hold : 0,',
    change: '> → >=',
    why: 'keys that were not held are judged before this is looked at',
  },
  {
    file: 'typing.ts',
    line: 'holdVariation: hold > 0 ? Math.sqrt(Math.max(0, heldSquares / holds.length - hold * hold)) / hold : 0,',
    change: '0 → 1',
    nth: 3,
    why: 'keys that were not held are judged before this is looked at',
  },
  {
    file: 'typing-flow.ts',
    line: 'variation: mean > 0 ? deviation / mean : 0,',
    change: '> → >=',
    why: 'with a mean below half a millisecond nothing is judged',
  },
  {
    file: 'typing-flow.ts',
    line: 'variation: mean > 0 ? deviation / mean : 0,',
    change: '0 → 1',
    nth: 2,
    why: 'with a mean below half a millisecond nothing is judged',
  },
  {
    file: 'typing-flow.ts',
    line: 'skew: deviation > 0 ? cubes / count / deviation ** 3 : 0,',
    change: '> → >=',
    why: 'waits that are all alike are judged before this is looked at',
  },
  {
    file: 'typing-flow.ts',
    line: 'skew: deviation > 0 ? cubes / count / deviation ** 3 : 0,',
    change: '0 → 1',
    nth: 2,
    why: 'waits that are all alike are judged before this is looked at',
  },
  {
    file: 'clicks.ts',
    line: 'let count = 0',
    change: '0 → 1',
    why: 'the first press sets it',
  },
  {
    file: 'clicks.ts',
    line: 'let inPlace = 0',
    change: '0 → 1',
    why: 'the first press sets it',
  },
  {
    file: 'clicks.ts',
    line: 'let movesSince = 0',
    change: '0 → 1',
    why: 'the first press sets it',
  },
  {
    file: 'clicks.ts',
    line: 'let largest = 0',
    change: '0 → 1',
    why: 'it is only compared with 62',
  },
  {
    file: 'gap-causes.ts',
    line: "claim(state, 'clock-changed', Math.min(state.coveredUntil ?? at, at - blurredMs), at + blurredMs)",
    change: ' ?? at → ',
    why: 'every record sets it before it is looked at',
  },
  {
    file: 'gap-causes.ts',
    line: "if (killed) claim(state, 'agent-killed', state.coveredUntil ?? at, at, undefined, ranks.length + 1)",
    change: ' ?? at → ',
    why: 'every record sets it before it is looked at',
  },
  {
    file: 'gap-causes.ts',
    line: 'if (late < at)',
    change: '< → <=',
    why: 'a claim of no length explains nothing',
  },
  {
    file: 'loops.ts',
    line: 'let top = 0',
    change: '0 → 1',
    why: 'where the first distance has no bits, none is the highest either way',
  },
  {
    file: 'loops.ts',
    line: 'const reach = (2 + size) / 2 ** ((fewestBits + commonBits) / 2)',
    change: '+ → -',
    nth: 2,
    why: 'a wider reach only looks at more, and finds no match there',
  },
  {
    file: 'loops.ts',
    line: 'const reach = (2 + size) / 2 ** ((fewestBits + commonBits) / 2)',
    change: '2 → 3',
    nth: 1,
    why: 'a wider reach only looks at more, and finds no match there',
  },
  {
    file: 'loops.ts',
    line: 'const reach = (2 + size) / 2 ** ((fewestBits + commonBits) / 2)',
    change: '2 → 3',
    nth: 3,
    why: 'a wider reach only looks at more, and finds no match there',
  },
  {
    file: 'stroke-window.ts',
    line: 'for (let feature = 0; feature < strokeFeatureCount; feature++) {',
    change: '< → <=',
    why: 'nothing is written behind the end of an array of fixed length',
  },
]

export function whyEquivalent(mutant: Mutant, rows: readonly Row[] = equivalent): string | undefined {
  return rows.find(row => isAbout(row, mutant))?.why
}

/** Rows that are about no mutant any more. */
export function staleRows(mutants: readonly Mutant[], rows: readonly Row[] = equivalent): Row[] {
  return rows.filter(row => !mutants.some(mutant => isAbout(row, mutant)))
}

function isAbout(row: Row, mutant: Mutant): boolean {
  return (
    row.file === basename(mutant.file) &&
    row.line === mutant.lineText &&
    row.change === mutant.change &&
    (row.nth ?? mutant.nth) === mutant.nth
  )
}
