import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { brokenWalls, doors, floorOf, importsOf, tools } from './architecture-rules.ts'

const top = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(top, path), 'utf8')
const files = globSync('{protocol,native-host,manifests,extension}/**/*.{ts,tsx}', { cwd: top })
  .map(path => path.replaceAll('\\', '/'))
  .filter(path => !path.endsWith('.test.ts') && !path.endsWith('.d.ts'))

test('every file keeps within its walls', () => {
  assert.ok(files.length > 100, `${files.length} files were found`)
  assert.deepEqual(
    files.flatMap(path => brokenWalls(path, read(path))),
    [],
  )
})

test('every exception is still needed', () => {
  for (const [path, targets] of Object.entries(doors))
    for (const target of Object.keys(targets))
      assert.ok(
        importsOf(path, read(path)).some(found => found.target === target),
        `${path} → ${target}`,
      )
  for (const path of tools) assert.ok(existsSync(join(top, path)), path)
})

test('every program of ours shuts its doors before anything else', () => {
  const programs = ['agent', 'bridge', 'cli', 'input-hook', 'picture-edit', 'screen-grab']
  for (const name of programs)
    assert.match(
      read(`native-host/${name}.ts`),
      /^(#!.*\n)?import '\.\/adapters\/base\/guard-process\.ts'\n/,
      name,
    )
})

test('no floor is empty, so that no rule is about nothing', () => {
  const floors = Object.keys(Object.groupBy(files, path => floorOf(path) ?? 'none'))
  assert.deepEqual(floors.filter(floor => floor !== 'none').sort(), [
    'adapters',
    'commands',
    'core',
    'extension',
    'flows',
    'manifests',
    'ports',
    'protocol',
    'roots',
  ])
})

const forms: [text: string, targets: string[]][] = [
  [`import x from './a.ts'`, ['native-host/core/a.ts']],
  [`import { x, type Y } from '../b.ts'`, ['native-host/b.ts']],
  [`import type { X } from "../../protocol/c.ts"`, ['protocol/c.ts']],
  [`import {\n  x,\n  y,\n} from './a.ts'`, ['native-host/core/a.ts']],
  [`import * as v from 'valibot'`, ['valibot']],
  [`import './a.ts'`, ['native-host/core/a.ts']],
  [`import x, { y } from './a.ts'`, ['native-host/core/a.ts']],
  [`export { x } from './a.ts'`, ['native-host/core/a.ts']],
  [`export * from './a.ts'`, ['native-host/core/a.ts']],
  [`export type { X } from './a.ts'`, ['native-host/core/a.ts']],
  [`import data from './a.json' with { type: 'json' }`, ['native-host/core/a.json']],
  [`const load = () => import('./a.ts')`, ['native-host/core/a.ts']],
  [`await import(\n  './a.ts',\n)`, ['native-host/core/a.ts']],
  [`type X = import('./a.ts').X`, ['native-host/core/a.ts']],
  ['await import(name)', ['?']],
  [`import a from 'a'\nimport b from 'b'`, ['a', 'b']],
  [`// import x from './a.ts'`, []],
  [`/**\n * import x from './a.ts'\n */`, []],
  [`const text = "from './a.ts'"`, []],
  [`export const from = 'a'`, []],
  [`const here = import.meta.filename`, []],
]
for (const [text, targets] of forms)
  test(`reads ${JSON.stringify(text)}`, () => {
    assert.deepEqual(
      importsOf('native-host/core/file.ts', text).map(({ target }) => target),
      targets,
    )
  })

const broken: [path: string, text: string][] = [
  ['protocol/x.ts', `import { x } from '../native-host/core/cell.ts'`],
  ['protocol/x.ts', `import { Buffer } from 'node:buffer'`],
  ['protocol/x.ts', `import { h } from 'preact'`],
  ['native-host/core/x.ts', `import { join } from 'node:path'`],
  ['native-host/core/x.ts', `import type { Clock } from '../ports.ts'`],
  ['native-host/core/deep/x.ts', `import { x } from '../../adapters/base/places.ts'`],
  ['native-host/core/x.ts', `import * as v from 'valibot'`],
  ['native-host/core/x.ts', 'const at = Date.now()'],
  ['native-host/core/x.ts', 'const at = new Date()'],
  ['native-host/core/x.ts', 'const at = Temporal.Now.instant()'],
  ['native-host/core/x.ts', 'const ms = performance.now()'],
  ['native-host/core/x.ts', 'const n = Math.random()'],
  ['native-host/core/x.ts', 'setTimeout(work, 10)'],
  ['native-host/core/x.ts', `await fetch('https://example.org')`],
  ['native-host/core/x.ts', `if (process.platform === 'linux') work()`],
  ['native-host/ports.ts', `import { createCell } from './core/cell.ts'`],
  ['native-host/ports.ts', `import type { X } from './flows/track-activity.ts'`],
  ['native-host/flows/x.ts', `import { y } from './track-activity.ts'`],
  ['native-host/flows/x.ts', `import type { Y } from './track-activity.ts'`],
  ['native-host/flows/x.ts', `import { openJournal } from '../adapters/store/journal-sqlite.ts'`],
  ['native-host/flows/x.ts', `const adapter = await import('../adapters/store/journal-sqlite.ts')`],
  ['native-host/flows/x.ts', `import { readFile } from 'node:fs/promises'`],
  ['native-host/adapters/store/x.ts', `import { createDrain } from '../../flows/drain-outbox.ts'`],
  ['native-host/adapters/seal/x.ts', `export { openOutbox } from '../store/outbox.ts'`],
  ['native-host/adapters/base/x.ts', `import { y } from '../store/sqlite.ts'`],
  ['native-host/adapters/capture/x.ts', `import { y } from '../destination/s3.ts'`],
  ['native-host/adapters/image/x.ts', `import { y } from '../input/key-slots.ts'`],
  ['native-host/adapters/system/x.ts', `import '../../agent.ts'`],
  ['native-host/adapters/system/x.ts', 'const { y } = await import(path)'],
  ['native-host/commands/x.ts', `import { openLog } from '../adapters/system/log.ts'`],
  ['native-host/commands/x.ts', `import { y } from '../cli.ts'`],
  ['native-host/adapters/system/x.ts', `import { spawn } from 'node:child_process'`],
  ['native-host/agent.ts', `import { pause } from './commands/pause.ts'`],
  ['native-host/cli.ts', `import './agent.ts'`],
  ['native-host/cli.ts', `import { createAgentStatus } from './agent-status.ts'`],
  ['native-host/agent-status.ts', `import './agent.ts'`],
  ['native-host/agent.ts', `import { startLink } from '../extension/host-link.ts'`],
  ['native-host/agent.ts', `import { handClock } from '../test/hand-clock.ts'`],
  ['manifests/x.ts', `import { placesOf } from '../native-host/adapters/base/places.ts'`],
  ['extension/x.ts', `import { createCell } from '../native-host/core/cell.ts'`],
  ['extension/popup/x.tsx', `import type { Clock } from '../../native-host/ports.ts'`],
  ['extension/x.ts', `import { hash } from 'node:crypto'`],
  ['extension/x.ts', `import sharp from 'sharp'`],
  ['extension/x.ts', `import { extensionIds } from '../manifests/extension-ids.ts'`],
  ['native-host/core/utils.ts', ''],
  ['native-host/adapters/input/helpers.ts', ''],
  ['protocol/index.ts', ''],
]
for (const [path, text] of broken)
  test(`${path} must not: ${text || 'have that name'}`, () => {
    assert.equal(brokenWalls(path, text).length, 1)
  })

const whole: [path: string, text: string][] = [
  ['protocol/x.ts', `import * as v from 'valibot'\nimport { y } from './errors.ts'`],
  ['native-host/core/genuineness/x.ts', `import { AppError } from '../../../protocol/errors.ts'`],
  ['native-host/core/x.ts', `import { createCell } from './cell.ts'`],
  [
    'native-host/core/x.ts',
    '// Date.now() would be wrong here, and so would process.env\nconst at = clock.now()',
  ],
  ['native-host/core/x.ts', `throw new Error('process.exit() of Math.random()')`],
  ['native-host/core/x.ts', 'const x = { performance: 1, fetch: 2 }.performance'],
  ['native-host/core/x.ts', 'const day = new Date(atMs)'],
  ['native-host/ports.ts', `import type { ReadonlyCell } from './core/cell.ts'`],
  ['native-host/flows/x.ts', `import type { Clock } from '../ports.ts'`],
  [
    'native-host/adapters/image/x.ts',
    `import { placesOf } from '../base/places.ts'\nimport sharp from 'sharp'`,
  ],
  ['native-host/adapters/store/x.ts', `import { y } from './outbox-index.ts'`],
  [
    'native-host/adapters/capture/x.ts',
    `import { y } from './table.ts'\nimport { z } from '../base/store-error.ts'`,
  ],
  ['native-host/cli.ts', `import { pause } from './commands/pause.ts'`],
  [
    'native-host/agent.ts',
    `import { x } from './agent-status.ts'\nimport { y } from './flows/seal-journal.ts'`,
  ],
  ['native-host/agent.ts', `import packageFile from '../package.json' with { type: 'json' }`],
  [
    'extension/x.tsx',
    `import { h } from 'preact'\nimport { useState } from 'preact/hooks'\nimport './x.css'`,
  ],
]
for (const [path, text] of whole)
  test(`${path} may: ${text}`, () => {
    assert.deepEqual(brokenWalls(path, text), [])
  })
