import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { type BudgetName, budgets } from '../native-host/kernel/budgets.ts'
import { statusLists } from '../native-host/tracking/bound-status.ts'
import { statusSchema } from '../protocol/status.ts'
import { commandTrials } from './budgets/commands.ts'
import { dayTrials } from './budgets/day.ts'
import { desktopTrials } from './budgets/desktop.ts'
import { fileTrials } from './budgets/files.ts'
import { folderTrials } from './budgets/folders.ts'
import { keyTrials, objectTrials } from './budgets/objects.ts'
import { programTrials } from './budgets/programs.ts'
import { salvageTrials } from './budgets/salvage.ts'
import { serverTrials } from './budgets/servers.ts'
import { socketTrials } from './budgets/socket.ts'
import { statusTrials } from './budgets/status.ts'
import { systemFileTrials } from './budgets/system-files.ts'
import { wireTrials } from './budgets/wire.ts'
import { xTrials } from './budgets/x-server.ts'

/** One for every row of the table, which does not compile without: what has the limit is taken, one more is not. */
const trials: Record<BudgetName, (t: TestContext) => void | Promise<void>> = {
  ...wireTrials,
  ...socketTrials,
  ...statusTrials,
  ...dayTrials,
  ...fileTrials,
  ...systemFileTrials,
  ...objectTrials,
  ...folderTrials,
  ...desktopTrials,
  ...commandTrials,
  ...keyTrials,
  ...serverTrials,
  ...programTrials,
  ...salvageTrials,
  ...xTrials,
}

describe('each budget is kept, and one more than it is not taken', () => {
  for (const [name, { what, most, unit }] of Object.entries(budgets))
    test(`${name}: ${what}, ${most} ${unit}`, t => trials[name as BudgetName](t))
})

test('every trial is of a row', () => {
  assert.deepEqual(Object.keys(trials).sort(), Object.keys(budgets).sort())
})

test('every list of a status has its budget', () => {
  assert.deepEqual(
    [...new Set(listsIn(statusSchema as unknown as Schema, ''))].sort(),
    Object.keys(statusLists).sort(),
  )
})

/** What the schemas of valibot are made of. */
type Schema = {
  type: string
  entries?: Record<string, Schema>
  options?: Schema[]
  wrapped?: Schema
  item?: Schema
}

function listsIn(schema: Schema, path: string): string[] {
  if (schema.item) return [path, ...listsIn(schema.item, path)]
  if (schema.wrapped) return listsIn(schema.wrapped, path)
  const inner = Object.entries(schema.entries ?? {}).flatMap(([key, entry]) =>
    listsIn(entry, path === '' ? key : `${path}.${key}`),
  )
  const options = schema.type === 'variant' ? (schema.options ?? []) : []
  return [...inner, ...options.flatMap(option => listsIn(option, path))]
}
