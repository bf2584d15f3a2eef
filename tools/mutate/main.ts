import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { equivalent, staleRows } from './equivalent.ts'
import { mutantsOfTopic, sampleOf } from './mutants.ts'
import { describeMutant, describeResults, isLived, type Result, scoreOf } from './report.ts'
import { createTestFinder } from './tests-for.ts'
import { type Topic, topicNames } from './topics.ts'
import { tryMutants } from './try-mutants.ts'

/**
 * `npm run mutate [-- TOPIC …]`: changes one small thing at a time and tells which changes the unit tests notice. Exit 1
 * when they notice less than `--least` per cent. Options: `--seed`, `--sample`, `--jobs`, `--file PART` for files whose
 * path has that part, `--lived` for those that lived the last time, `--list`, `--json PATH`.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    sample: { type: 'string', default: '300' },
    jobs: { type: 'string', default: '2' },
    least: { type: 'string', default: '85' },
    file: { type: 'string', default: '' },
    json: { type: 'string', default: 'test-artifacts/mutate.json' },
    lived: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
})
const top = join(import.meta.dirname, '../..')
const began = performance.now()
const unknown = positionals.filter(name => !topicNames.some(topic => topic === name))
if (unknown.length > 0) {
  console.error(`No topic named ${unknown.join(', ')}. There are: ${topicNames.join(', ')}`)
  process.exit(64)
}

const all = topicNames.flatMap(topic => mutantsOfTopic(topic, top))
for (const { file, line, change } of staleRows(all, equivalent))
  console.error(`equivalent.ts: no mutant is like this any more: ${file}: ${change} in ${line}`)
const chosen = all.filter(
  ({ topic, file }) =>
    (positionals.length === 0 || positionals.includes(topic)) && file.includes(values.file),
)
const path = join(top, values.json)
const before = values.lived ? resultsBefore() : []
const sample = values.lived
  ? before.filter(isLived)
  : sampleOf(chosen, Number(values.seed), Number(values.sample))
if (values.list) {
  console.log(sample.map(describeMutant).join('\n'))
  process.exit(0)
}

// Other work on this computer goes first.
setPriority(10)
let done = 0
const tried = await tryMutants(sample, {
  top,
  jobs: Number(values.jobs),
  finder: createTestFinder(top),
  onResult: result => {
    done += 1
    if (isLived(result)) console.error(`${done}/${sample.length} ${result.outcome}${describeMutant(result)}`)
  },
})
const results = [...before.filter(result => !isLived(result)), ...tried]
const found = new Map<Topic, number>()
for (const { topic } of chosen) found.set(topic, (found.get(topic) ?? 0) + 1)
const score = scoreOf(results)
console.log(describeResults(results, found))
const minutes = ((performance.now() - began) / 60_000).toFixed(1)
console.log(`\nseed ${values.seed}: ${score.killed} of ${score.tried} killed, in ${minutes} minutes`)
mkdirSync(dirname(path), { recursive: true })
writeFileSync(path, `${JSON.stringify({ seed: Number(values.seed), score, results }, null, 1)}\n`)
process.exitCode = score.percent < Number(values.least) ? 1 : 0

/** With the places that the mutants have now. */
function resultsBefore(): Result[] {
  const { results }: { results: Result[] } = JSON.parse(readFileSync(path, 'utf8'))
  const now = new Map(chosen.map(mutant => [mutant.id, mutant]))
  return results.flatMap(result => {
    const mutant = now.get(result.id)
    return mutant ? [{ ...result, ...mutant }] : []
  })
}
