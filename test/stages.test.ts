import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import packageFile from '../package.json' with { type: 'json' }
import { everything, stageNames, stages } from './run/stages.ts'

const root = join(import.meta.dirname, '..')
const folders = '{protocol,native-host,extension,manifests,tools,test,bench,docs}'

test('npm test runs every stage once', () => {
  assert.deepEqual(everything.flat(2).toSorted(), stageNames.toSorted())
  assert.match(packageFile.scripts.test, /node test\/run\/main\.ts$/)
})

test('every test file is in exactly one stage', () => {
  // In a network of its own, by its runner.
  const elsewhere = ['test/network/network.test.ts']
  const inStages = stageNames.flatMap(name =>
    stages[name]
      .rows()
      .flat(2)
      .filter(word => word.endsWith('.test.ts'))
      .flatMap(word => globSync(word, { cwd: root })),
  )
  const all = globSync(`${folders}/**/*.test.ts`, { cwd: root }).filter(
    path => !path.endsWith('.slow.test.ts'),
  )
  assert.deepEqual([...inStages, ...elsewhere].toSorted(), all.toSorted())
})
