import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { createTestFinder } from './tests-for.ts'

const top = mkdtempSync(join(tmpdir(), 'mutate-'))
after(() => rmSync(top, { recursive: true }))
const files: Record<string, string> = {
  'native-host/own.ts': '',
  'native-host/own.test.ts': "import { a } from './own.ts'",
  'native-host/user.test.ts': "import { a } from './own.ts'\nimport {\n  b,\n} from './deep/part.ts'",
  'native-host/deep/part.ts': "import { c } from '../lower.ts'\nimport type { D } from '../typed.ts'",
  'native-host/lower.ts': '',
  'native-host/typed.ts': '',
  'test/support/judged.ts': "import { a } from '../../native-host/own.ts'",
  'test/e2e/whole.test.ts': "import { a } from '../../native-host/alone.ts'",
  'native-host/alone.ts': '',
}
for (const [path, text] of Object.entries(files)) {
  mkdirSync(join(top, dirname(path)), { recursive: true })
  writeFileSync(join(top, path), text)
}
const { testsFor, importersOf } = createTestFinder(top)

for (const [file, tests] of [
  ['native-host/own.ts', ['native-host/own.test.ts']],
  ['native-host/deep/part.ts', ['native-host/user.test.ts']],
  ['native-host/lower.ts', ['native-host/user.test.ts']],
  ['native-host/typed.ts', []],
  ['native-host/alone.ts', []],
] as const)
  test(`${file} is tested by ${tests[0] ?? 'none'}`, () => assert.deepEqual(testsFor(file), tests))

test('what imports a file, directly or not, is loaded again with it', () => {
  assert.deepEqual(importersOf('native-host/lower.ts'), [
    'native-host/lower.ts',
    'native-host/deep/part.ts',
    'native-host/user.test.ts',
  ])
})

test('and so is what only helps tests', () => {
  assert.ok(importersOf('native-host/own.ts').includes('test/support/judged.ts'))
})
