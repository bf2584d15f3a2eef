import { styleText } from 'node:util'
import { groupNames } from './groups.ts'
import { keepMeasured } from './measured.ts'
import type { Outcome, Promised, Scale } from './promise.ts'
import { type Row, rowOf, rowsAboutAll, tableOf } from './promise-table.ts'
import { allPromises, promises } from './promises.ts'
import { type Storage, startStorage } from './s3-scene.ts'

/**
 * `npm run test:faults [-- P1 … | server | computer | prompt] [--fast] [--write]`: breaks the tracker in every way that it promises to survive, and
 * prints the promises with what was measured. Exit 1 when one falls short; in the full run also when this computer
 * could not produce the fault, because what was not measured is not known. `--write` keeps the figures for
 * docs/promises.md.
 */
// All that is mounted, made or started for a test goes with it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const words = process.argv.slice(2)
const scale: Scale = words.includes('--fast') ? 'fast' : 'full'
// A group leaves out what is slow, as npm test does; a promise that is named is never left out.
const isPart = ({ slow }: Promised) => scale === 'full' || !slow
const wanted = words
  .filter(word => !word.startsWith('-'))
  .flatMap(word => {
    const group = groupNames.find(name => name === word)
    return group ? promises[group].filter(isPart).map(({ id }) => id) : word
  })
const unknown = wanted.filter(id => !allPromises.some(promise => promise.id === id))
if (unknown.length > 0) {
  const known = [...allPromises.map(({ id }) => id), ...groupNames].join(', ')
  console.error(`No promise ${unknown.join(', ')}. There are: ${known}`)
  process.exit(64)
}

let storage: Promise<Storage> | undefined
const shared = () => (storage ??= startStorage())
const rows: Row[] = []
for (const promised of allPromises) {
  if (wanted.length > 0 ? !wanted.includes(promised.id) : !isPart(promised)) continue
  const row = await measure(promised)
  rows.push(row)
  // At once: the rest may take hours.
  if (words.includes('--write')) await keepMeasured([row])
}
// The caller of a fault that could not start has reported it already.
await (await storage?.catch(() => undefined))?.[Symbol.asyncDispose]()
const all = [...rows, ...rowsAboutAll(rows)]
console.log(tableOf(all))
const acceptable = scale === 'fast' ? ['kept', 'not measured'] : ['kept']
process.exit(all.every(({ verdict }) => acceptable.includes(verdict)) ? 0 : 1)

async function measure({ id, promise, run }: Promised): Promise<Row> {
  const begun = performance.now()
  console.error(styleText('bold', `${id} ${promise}`))
  const say = (progress: string) => console.error(styleText('dim', `   ${progress}`))
  const outcome = await run({ scale, say, storage: shared }).catch(failed)
  const seconds = Math.round((performance.now() - begun) / 1000)
  say(`${seconds} s`)
  return rowOf({ id, promise }, outcome, { date: new Date().toISOString().slice(0, 10), scale })
}

/** What could not be carried to its end has not kept its promise, and the others are still worth knowing. */
function failed(error: unknown): Outcome {
  console.error(error)
  const figures = [{ what: 'runs that came to their end', value: 0, atLeast: 1 }]
  return { kind: 'measured', figures, faults: {}, freshMs: [] }
}
