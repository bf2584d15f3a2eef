import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { equivalent, staleRows } from './equivalent.ts'
import { mutantsOf } from './mutants.ts'
import { filesOf, topicNames } from './topics.ts'

const top = join(import.meta.dirname, '../..')

test('every row is about a mutant that there is', () => {
  const named = new Set(equivalent.map(({ file }) => file))
  const mutants = topicNames.flatMap(topic =>
    filesOf(topic, top)
      .filter(path => named.has(basename(path)))
      .flatMap(path => mutantsOf(topic, path, readFileSync(join(top, path), 'utf8'))),
  )
  assert.deepEqual(staleRows(mutants), [])
})

test('every topic has files, and no file has two topics', () => {
  const files = topicNames.map(topic => filesOf(topic, top))
  assert.deepEqual(
    topicNames.filter((_, index) => files[index]?.length === 0),
    [],
  )
  assert.equal(new Set(files.flat()).size, files.flat().length)
})
