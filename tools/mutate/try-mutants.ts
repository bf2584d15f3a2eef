import { join } from 'node:path'
import { whyEquivalent } from './equivalent.ts'
import type { Mutant } from './mutants.ts'
import type { Result } from './report.ts'
import type { createTestFinder } from './tests-for.ts'
import { createWarmProcess } from './warm-process.ts'

type Options = {
  top: string
  jobs: number
  finder: ReturnType<typeof createTestFinder>
  onResult: (result: Result) => void
}

/** A mutant may take as much longer than the tests do, before it counts as one that never ends. */
const slower = 10
const leastLimitMs = 10_000
const firstLimitMs = 300_000

/**
 * Tries one mutant after the other, `jobs` files side by side.
 * @throws Error when tests fail without a mutant, before or after: what they say of mutants is worth nothing then
 */
export async function tryMutants(mutants: readonly Mutant[], options: Options): Promise<Result[]> {
  const files = Map.groupBy(mutants, ({ file }) => file).values()
  const results: Result[] = []
  const work = async () => {
    for (const ofFile of files)
      for await (const result of tryFile(ofFile, options)) {
        results.push(result)
        options.onResult(result)
      }
  }
  await Promise.all(Array.from({ length: options.jobs }, work))
  return results
}

async function* tryFile(mutants: readonly Mutant[], { top, finder }: Options): AsyncGenerator<Result> {
  const [{ file } = { file: '' }] = mutants
  const tests = finder.testsFor(file)
  const asPaths = (paths: readonly string[]) => paths.map(path => join(top, path))
  const changed = join(top, file)
  using warm = createWarmProcess({
    changed,
    affected: asPaths(finder.importersOf(file)),
    tests: asPaths(tests),
  })
  const unchanged = async () => {
    const { outcome, why, ms } = await warm.run(null, firstLimitMs)
    if (outcome !== 'passed') throw new Error(`${file}: the tests fail without a mutant: ${why}`)
    return ms
  }

  let limitMs: number | undefined
  for (const mutant of mutants) {
    const known =
      whyEquivalent(mutant) !== undefined ? 'equivalent' : tests.length === 0 ? 'untested' : undefined
    if (known) {
      yield { ...mutant, outcome: known, why: '', tests, ms: 0 }
      continue
    }
    limitMs ??= Math.max(leastLimitMs, (await unchanged()) * slower)
    const { outcome, why, ms } = await warm.run(mutant, limitMs)
    yield { ...mutant, outcome: outcomes[outcome], why, tests, ms: Math.round(ms) }
  }
  if (limitMs !== undefined) await unchanged()
}

const outcomes = { passed: 'survived', failed: 'killed', 'timed out': 'timed out' } as const
