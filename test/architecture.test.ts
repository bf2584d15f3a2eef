import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  brokenWalls,
  doors,
  floorOf,
  importsOf,
  type Topic,
  tools,
  topicOf,
  topics,
} from './architecture-rules.ts'

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
  const programs = ['bridge', 'cli', 'input-hook', 'picture-edit', 'screen-grab', 'computer-facts']
  for (const path of ['agent/main.ts', ...programs.map(name => `programs/${name}.ts`)])
    assert.match(
      read(`native-host/${path}`),
      /^(#!.*\n)?import '\.\.\/platform\/process\/guard-process\.ts'\n/,
      path,
    )
})

test('no floor is empty, so that no rule is about nothing', () => {
  const floors = Object.keys(Object.groupBy(files, path => floorOf(path) ?? 'none'))
  assert.deepEqual(floors.filter(floor => floor !== 'none').sort(), [
    'adapters',
    'agent',
    'commands',
    'extension',
    'kernel',
    'manifests',
    'pages',
    'platform',
    'programs',
    'protocol',
    'topics',
  ])
})

test('every topic has files and imports all that the table allows it, and no circle is allowed', () => {
  const names = Object.keys(topics) as Topic[]
  for (const [at, name] of names.entries()) {
    const own = files.filter(path => topicOf(path) === name)
    assert.ok(own.length > 0, name)
    const used = new Set(
      own.flatMap(path => importsOf(path, read(path)).map(({ target }) => topicOf(target))),
    )
    for (const other of topics[name] as readonly Topic[]) {
      assert.ok(used.has(other), `${name} imports nothing of ${other}`)
      assert.ok(names.indexOf(other) < at, `${name} stands before ${other}`)
    }
  }
})

const forms: [text: string, targets: string[]][] = [
  [`import x from './a.ts'`, ['native-host/timeline/a.ts']],
  [`import { x, type Y } from '../b.ts'`, ['native-host/b.ts']],
  [`import type { X } from "../../protocol/c.ts"`, ['protocol/c.ts']],
  [`import {\n  x,\n  y,\n} from './a.ts'`, ['native-host/timeline/a.ts']],
  [`import * as v from 'valibot'`, ['valibot']],
  [`import './a.ts'`, ['native-host/timeline/a.ts']],
  [`import x, { y } from './a.ts'`, ['native-host/timeline/a.ts']],
  [`export { x } from './a.ts'`, ['native-host/timeline/a.ts']],
  [`export * from './a.ts'`, ['native-host/timeline/a.ts']],
  [`export type { X } from './a.ts'`, ['native-host/timeline/a.ts']],
  [`import data from './a.json' with { type: 'json' }`, ['native-host/timeline/a.json']],
  [`const load = () => import('./a.ts')`, ['native-host/timeline/a.ts']],
  [`await import(\n  './a.ts',\n)`, ['native-host/timeline/a.ts']],
  [`type X = import('./a.ts').X`, ['native-host/timeline/a.ts']],
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
      importsOf('native-host/timeline/file.ts', text).map(({ target }) => target),
      targets,
    )
  })

const broken: [path: string, text: string][] = [
  ['protocol/x.ts', `import { x } from '../native-host/kernel/signals.ts'`],
  ['protocol/x.ts', `import { Buffer } from 'node:buffer'`],
  ['protocol/x.ts', `import { h } from 'preact'`],
  ['native-host/kernel/x.ts', `import { join } from 'node:path'`],
  ['native-host/kernel/x.ts', `import { gaps } from '../timeline/gaps.ts'`],
  ['native-host/kernel/x.ts', 'const at = Date.now()'],
  ['native-host/timeline/x.ts', `import { join } from 'node:path'`],
  ['native-host/timeline/deep/x.ts', `import { x } from '../../platform/files/places.ts'`],
  ['native-host/timeline/x.ts', `import * as v from 'valibot'`],
  ['native-host/timeline/x.ts', `import { signal } from '@preact/signals-core'`],
  ['native-host/timeline/x.ts', 'const at = Date.now()'],
  ['native-host/timeline/x.ts', 'const at = new Date()'],
  ['native-host/timeline/x.ts', 'const at = Temporal.Now.instant()'],
  ['native-host/timeline/x.ts', 'const ms = performance.now()'],
  ['native-host/timeline/x.ts', 'const n = Math.random()'],
  ['native-host/timeline/x.ts', 'setTimeout(work, 10)'],
  ['native-host/timeline/x.ts', `await fetch('https://example.org')`],
  ['native-host/timeline/x.ts', `if (process.platform === 'linux') work()`],
  ['native-host/timeline/x.ts', `import type { Outbox } from '../delivery/ports.ts'`],
  ['native-host/input/x.ts', `import { createDetector } from '../detection/detector.ts'`],
  ['native-host/detection/rules/x.ts', `import { trackActivity } from '../../activity/track-activity.ts'`],
  ['native-host/delivery/x.ts', `import type { Journal } from '../journal/ports.ts'`],
  ['native-host/journal/ports.ts', `import { createSignal } from '../kernel/signals.ts'`],
  ['native-host/journal/x.ts', `import { openJournal } from '../adapters/store/journal-sqlite.ts'`],
  ['native-host/journal/x.ts', `const adapter = await import('../adapters/store/journal-sqlite.ts')`],
  ['native-host/journal/x.ts', `import { readFile } from 'node:fs/promises'`],
  ['native-host/journal/x.ts', `import { createAgentStatus } from '../agent/status.ts'`],
  ['native-host/platform/files/x.ts', `import { y } from '../../adapters/store/sqlite.ts'`],
  ['native-host/adapters/seal/x.ts', `export { openOutbox } from '../store/outbox.ts'`],
  ['native-host/adapters/capture/x.ts', `import { y } from '../destination/s3/destination.ts'`],
  ['native-host/adapters/store/x.ts', `import { y } from '../destination/s3/ports.ts'`],
  ['native-host/adapters/image/x.ts', `import { y } from '../input/key-slots.ts'`],
  ['native-host/adapters/system/x.ts', `import '../../agent/main.ts'`],
  ['native-host/adapters/system/x.ts', 'const { y } = await import(path)'],
  ['native-host/commands/x.ts', `import { openLog } from '../adapters/system/log.ts'`],
  ['native-host/commands/x.ts', `import { y } from '../programs/cli.ts'`],
  ['native-host/adapters/system/x.ts', `import { spawn } from 'node:child_process'`],
  ['native-host/agent/main.ts', `import { pause } from '../commands/pause.ts'`],
  ['native-host/programs/cli.ts', `import '../agent/main.ts'`],
  ['native-host/programs/bridge.ts', `import { cliKeys } from './cli-keys.ts'`],
  ['native-host/agent/status.ts', `import './main.ts'`],
  ['native-host/agent/main.ts', `import { startLink } from '../../extension/background/host-link.ts'`],
  ['native-host/agent/main.ts', `import { manualClock } from '../../test/manual-clock.ts'`],
  ['manifests/x.ts', `import { placesOf } from '../native-host/platform/files/places.ts'`],
  ['extension/x.ts', `import { createSignal } from '../native-host/kernel/signals.ts'`],
  ['extension/popup/x.tsx', `import type { Clock } from '../../native-host/kernel/ports.ts'`],
  ['extension/x.ts', `import { hash } from 'node:crypto'`],
  ['extension/x.ts', `import sharp from 'sharp'`],
  ['extension/x.ts', `import { extensionIds } from '../manifests/extension-ids.ts'`],
  ['native-host/pages/report/x.tsx', `import { openTracker } from '../../../extension/ui/tracker.ts'`],
  ['native-host/pages/report/x.tsx', `import { Options } from '../../../extension/options/options.tsx'`],
  ['native-host/pages/report/x.tsx', `import { readFile } from 'node:fs/promises'`],
  [
    'native-host/pages/report/x.tsx',
    `import { findDelivered } from '../../adapters/system/delivered-objects.ts'`,
  ],
  ['native-host/pages/report/x.tsx', `import browser from 'webextension-polyfill'`],
  ['native-host/commands/x.ts', `import { render } from '../pages/report/main.tsx'`],
  ['extension/popup/x.tsx', `import { Figures } from '../../native-host/pages/report/figures.tsx'`],
  ['native-host/kernel/utils.ts', ''],
  ['native-host/adapters/input/helpers.ts', ''],
  ['protocol/index.ts', ''],
]
for (const [path, text] of broken)
  test(`${path} must not: ${text || 'have that name'}`, () => {
    assert.equal(brokenWalls(path, text).length, 1)
  })

const whole: [path: string, text: string][] = [
  ['protocol/x.ts', `import * as v from 'valibot'\nimport { y } from './errors.ts'`],
  ['native-host/detection/rules/x.ts', `import { AppError } from '../../../protocol/errors.ts'`],
  ['native-host/timeline/x.ts', `import { createSignal } from '../kernel/signals.ts'`],
  [
    'native-host/timeline/x.ts',
    '// Date.now() would be wrong here, and so would process.env\nconst at = clock.now()',
  ],
  ['native-host/timeline/x.ts', `throw new Error('process.exit() of Math.random()')`],
  ['native-host/timeline/x.ts', 'const x = { performance: 1, fetch: 2 }.performance'],
  ['native-host/timeline/x.ts', 'const day = new Date(atMs)'],
  ['native-host/journal/ports.ts', `import type { ReadonlySignal } from '../kernel/signals.ts'`],
  ['native-host/journal/x.ts', `import type { Outbox } from '../delivery/ports.ts'`],
  ['native-host/detection/rules/x.ts', `import { deep } from '../../input/input-event.ts'`],
  [
    'native-host/adapters/image/x.ts',
    `import { placesOf } from '../../platform/files/places.ts'\nimport sharp from 'sharp'`,
  ],
  ['native-host/adapters/store/x.ts', `import { y } from './outbox-index.ts'`],
  ['native-host/adapters/store/x.ts', `import type { Y } from '../destination/s3/ports.ts'`],
  [
    'native-host/adapters/capture/x.ts',
    `import { y } from './table.ts'\nimport { z } from '../../platform/files/store-error.ts'`,
  ],
  ['native-host/programs/cli.ts', `import { pause } from '../commands/pause.ts'`],
  [
    'native-host/agent/main.ts',
    `import { x } from './status.ts'\nimport { y } from '../journal/seal-journal.ts'`,
  ],
  ['native-host/agent/main.ts', `import packageFile from '../../package.json' with { type: 'json' }`],
  [
    'native-host/pages/report/x.tsx',
    `import { DayPicture } from '../../../extension/ui/day-picture/day-picture.tsx'\nimport { text } from '../../../extension/text/catalogue.ts'`,
  ],
  [
    'extension/x.tsx',
    `import { h } from 'preact'\nimport { useState } from 'preact/hooks'\nimport './x.css'`,
  ],
]
for (const [path, text] of whole)
  test(`${path} may: ${text}`, () => {
    assert.deepEqual(brokenWalls(path, text), [])
  })
