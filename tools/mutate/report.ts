import { textTable } from '../../bench/text-table.ts'
import type { Mutant } from './mutants.ts'
import { type Topic, topicNames } from './topics.ts'

export type Result = Mutant & {
  outcome: 'killed' | 'timed out' | 'survived' | 'untested' | 'equivalent'
  /** The test that failed, and how. */
  why: string
  tests: readonly string[]
  ms: number
}
export type Score = { tried: number; killed: number; percent: number }

/** A mutant that never ends is noticed: the tests do not pass. What is equivalent is not counted. */
export function scoreOf(results: readonly Result[]): Score {
  const tried = results.filter(({ outcome }) => outcome !== 'equivalent').length
  const killed = results.filter(({ outcome }) => outcome === 'killed' || outcome === 'timed out').length
  return { tried, killed, percent: tried === 0 ? 100 : (killed / tried) * 100 }
}

export const isLived = ({ outcome }: Result): boolean => outcome === 'survived' || outcome === 'untested'

export function describeResults(results: readonly Result[], found: ReadonlyMap<Topic, number>): string {
  const rows = topicNames
    .filter(topic => found.has(topic))
    .map(topic =>
      row(
        topic,
        found.get(topic) ?? 0,
        results.filter(result => result.topic === topic),
      ),
    )
  const all = row(
    'all',
    [...found.values()].reduce((sum, count) => sum + count, 0),
    results,
  )
  const lived = results.filter(isLived)
  const head = ['topic', 'mutants', 'sampled', 'equivalent', 'timed out', 'lived', 'killed']
  return [textTable(head, [...rows, all]), ...lived.map(describeMutant)].join('\n')
}

export function describeMutant({ id, file, line, kind, change, lineText }: Mutant): string {
  return `\n${file}:${line}  ${kind}  ${change}  (${id})\n    ${lineText}`
}

function row(name: string, found: number, results: readonly Result[]): string[] {
  const of = (...outcomes: Result['outcome'][]) =>
    `${results.filter(({ outcome }) => outcomes.includes(outcome)).length}`
  const { percent } = scoreOf(results)
  return [
    name,
    `${found}`,
    `${results.length}`,
    of('equivalent'),
    of('timed out'),
    of('survived', 'untested'),
    `${percent.toFixed(1)} %`,
  ]
}
