import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { PointerWeights } from '../../native-host/detection/rules/pointer-model.ts'
import { windowColumns } from '../../native-host/detection/stroke-window.ts'
import { examplesOf } from './examples.ts'
import { type Example, fitTrees } from './fit-trees.ts'
import { imitations } from './made-up-pointers.ts'
import type { Session } from './recordings.ts'
import { isPointing, isPointingWork, kinOf } from './split.ts'

/** With 80, unseen people and tools lie closer together; with 300 the model begins to know the people by heart. */
const treeCount = 200
/** A captured sample counts this many times as much as a made-up one. */
const captured = 3

/** @param without a family of tools that the model is not to know, nor those that draw like it */
export function fitPointerModel(people: readonly Session[], tools: readonly Session[], without?: string) {
  const humanRows = people.filter(isPointingWork).flatMap(session => examplesOf(session, 6))
  const families = Map.groupBy(
    tools.filter(session => isPointing(session) && kinOf(session.set) !== kinOf(without ?? '')),
    session => session.set,
  )
  const shareOf = (family: string) => (family in imitations ? 1 : captured)
  const shares = families.keys().reduce((sum, family) => sum + shareOf(family), 0)
  // However long it was recorded, a family has its share, and all together count as much as the people.
  const examples: Example[] = humanRows.map(row => ({ row, y: 0, weight: 1 }))
  for (const [family, sessions] of families) {
    const rows = sessions.flatMap(session => examplesOf(session, 2))
    const weight = (humanRows.length * shareOf(family)) / shares / rows.length
    examples.push(...rows.map((row): Example => ({ row, y: 1, weight })))
  }
  return { ...fitTrees(examples, treeCount), typical: typicalOf(humanRows) }
}

/** What nine of ten windows of people have. */
function typicalOf(rows: readonly Float64Array[]): { low: number; high: number }[] {
  return windowColumns.map((_, column) => {
    const sorted = Float64Array.from(rows, row => row[column] as number).sort()
    const at = (share: number) =>
      Math.round(1000 * (sorted[Math.floor(share * (sorted.length - 1))] as number)) / 1000
    return { low: at(0.05), high: at(0.95) }
  })
}

export function writePointerModel(model: PointerWeights): void {
  const file = fileURLToPath(new URL('../../native-host/detection/pointer-model.json', import.meta.url))
  const provenance =
    'Fitted by npm run bench -- detector --fit: people of Balabit, SapiMouse and a web survey, tools as listed in docs/detection.md, and imitations of hands that tools/detector/made-up-pointers.ts draws. Holds sums over thousands of windows; no recording can be told from it.'
  const rounded = { provenance, ...model, bounds: model.bounds.map(bound => Number(bound.toPrecision(6))) }
  writeFileSync(file, `${JSON.stringify(rounded)}\n`)
}
