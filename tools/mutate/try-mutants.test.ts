import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { mutantsOf } from './mutants.ts'
import { createTestFinder } from './tests-for.ts'
import { tryMutants } from './try-mutants.ts'
import { createWarmProcess } from './warm-process.ts'

const top = mkdtempSync(join(tmpdir(), 'mutate-'))
after(() => rmSync(top, { recursive: true }))
mkdirSync(join(top, 'native-host'))
writeFileSync(join(top, 'package.json'), '{ "type": "module" }')

/** A file `name` and its test, which imports all that `names` says. */
function write(name: string, text: string, names: string, tests: string): string {
  const head = `import assert from 'node:assert/strict'\nimport { test } from 'node:test'\n`
  writeFileSync(join(top, `native-host/${name}.ts`), text)
  writeFileSync(
    join(top, `native-host/${name}.test.ts`),
    `${head}import { ${names} } from './${name}.ts'\n${tests}\n`,
  )
  return `native-host/${name}.ts`
}

/** What the tests say of each mutant of the file. */
async function tried(file: string): Promise<string[]> {
  const mutants = mutantsOf('journal', file, readFileSync(join(top, file), 'utf8'))
  const options = { top, jobs: 1, finder: createTestFinder(top), onResult: () => undefined }
  const results = await tryMutants(mutants, options)
  return results.map(({ change, outcome }) => `${change}: ${outcome}`)
}

test('tells which mutants the tests notice, and leaves the file as it is', async () => {
  const text = `export const sum = (a: number, b: number): number => a + b
export const least = (a: number, b: number): number => Math.min(a, b)
`
  const tests = `test('adds', () => assert.equal(sum(1, 2), 3))
test('is a number', async () => assert.equal(typeof least(1, 2), 'number'))`
  const file = write('sum', text, 'least, sum', tests)
  assert.deepEqual(await tried(file), ['+ → -: killed', 'min → max: survived'])
  assert.equal(readFileSync(join(top, file), 'utf8'), text)
})

test('what a mutant left behind in a module is gone with the next', async () => {
  const text = 'export const seen = new Set<number>()\nexport const add = (n: number) => seen.add(n + 2)\n'
  const tests = `test('adds', () => {\n  add(1)\n  assert.deepEqual([...seen], [3])\n})`
  assert.deepEqual(await tried(write('seen', text, 'add, seen', tests)), ['+ → -: killed', '2 → 3: killed'])
})

test('a mutant that waits for ever, throws later or cannot be loaded is killed', async () => {
  const text = `export const soon = async (): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>()
  resolve()
  await promise
}
export const later = (fails: boolean) => setTimeout(() => {
  if (fails === true) throw new Error('later')
}, 1)
const table: { n: number }[] = [{ n: 1 }]
export const first = table.find(({ n }) => n === 1)?.n.toFixed() ?? missing()
function missing(): string {
  throw new Error('missing')
}
`
  const tests = `test('comes', async () => {
  await soon()
  later(false)
  await new Promise(resolve => setTimeout(resolve, 20))
  assert.equal(first, '1')
})`
  const outcomes = await tried(write('soon', text, 'first, later, soon', tests))
  for (const killed of ['resolve() → ;', '=== → !==', '1 → 2'])
    assert.ok(outcomes.includes(`${killed}: killed`), `${killed} in ${outcomes.join('\n')}`)
})

test('what never ends is ended, and the next one is tried', async () => {
  const text = 'export const loop = (n: number): void => {\n  while (n > 0) n -= 1\n}\n'
  const file = write('loop', text, 'loop', `test('ends', () => loop(3))`)
  const mutant = mutantsOf('journal', file, text).find(({ change }) => change === '-= → +=')
  assert.ok(mutant)
  const paths = [file, file.replace('.ts', '.test.ts')].map(path => join(top, path))
  using warm = createWarmProcess({
    changed: join(top, file),
    affected: paths,
    tests: paths.slice(1),
  })
  assert.equal((await warm.run(null, 60_000)).outcome, 'passed')
  assert.equal((await warm.run(mutant, 2000)).outcome, 'timed out')
  assert.equal((await warm.run(null, 60_000)).outcome, 'passed')
})

test('no test at all is no test that passes', async () => {
  writeFileSync(join(top, 'native-host/alone.ts'), 'export const one = 1\n')
  assert.deepEqual(await tried('native-host/alone.ts'), ['1 → 2: untested'])
})

test('tests that fail without a mutant are an error', async () => {
  const file = write('red', 'export const one = 1\n', 'one', `test('is red', () => assert.equal(one, 2))`)
  await assert.rejects(tried(file), /red\.ts: the tests fail without a mutant: is red/)
})

test('a test that uses more of the test runner than is stood in for is an error', async () => {
  const file = write('more', 'export const one = 1\n', 'one', `test('one', t => t.after(() => one))`)
  await assert.rejects(tried(file), /a test with options or a context cannot be tried/)
})
