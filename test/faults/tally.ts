import type { Verdict } from './oracle.ts'
import type { Figure } from './promise.ts'

export type Tally = ReturnType<typeof createTally>

/**
 * Sums up the verdicts and faults of one promise.
 * @param expected every fault that has to happen at least once
 */
export function createTally(expected: readonly string[]) {
  const sum: Verdict = { lost: 0, unreadable: 0, duplicates: 0, broken: 0, objects: 0, arrived: 0 }
  const faults: Record<string, number> = Object.fromEntries(expected.map(fault => [fault, 0]))
  const freshMs: number[] = []
  const wrong: string[] = []
  let stuck = 0
  let late = 0

  return {
    faults,
    freshMs,
    sum,
    /** One more fault that has to happen at least once. */
    expect(fault: string): void {
      faults[fault] ??= 0
    },
    hit(fault: string, times = 1): void {
      faults[fault] = (faults[fault] ?? 0) + times
    },
    /** The program had ended before the fault could happen. */
    late(): void {
      late++
    },
    /** A program that neither ended nor went on. */
    stuck(fault: string): void {
      wrong.push(`stuck: ${fault}`)
      stuck++
    },
    /** @param fault in words, for the note that says where something went wrong */
    add(verdict: Verdict, fault: string): void {
      const { lost, unreadable, duplicates, broken } = verdict
      if (lost + unreadable + duplicates + broken > 0) wrong.push(fault)
      for (const [name, value] of Object.entries(verdict)) if (isCount(name)) sum[name] += value
    },
    /** What a reader must know besides the figures. */
    notes(): string[] {
      return [
        ...(late === 0 ? [] : [`${late} more came too late to happen.`]),
        ...(wrong.length === 0 ? [] : [`Wrong after: ${wrong.slice(0, 9).join('; ')}.`]),
      ]
    },
    /** What every promise about accepted things has in common. */
    figures(): Figure[] {
      return [
        { what: 'lost', value: sum.lost, atMost: 0 },
        { what: 'unreadable', value: sum.unreadable, atMost: 0 },
        { what: 'duplicates', value: sum.duplicates, atMost: 0 },
        { what: 'broken links', value: sum.broken, atMost: 0 },
        { what: 'stuck', value: stuck, atMost: 0 },
        { what: 'arrived', value: sum.arrived, atLeast: 1 },
      ]
    },
  }

  function isCount(name: string): name is keyof Verdict {
    return Object.hasOwn(sum, name)
  }
}
