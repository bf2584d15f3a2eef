import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Secret } from '../kernel/secret.ts'
import { identityFile, readKeyLines, withRecipient } from './key-files.ts'

test('keys are read with their line numbers, past comments and empty lines', () => {
  const text = '\uFEFF# ours\r\n\r\n  age1aaa  \r\n # theirs\nage1bbb\n'
  assert.deepEqual(readKeyLines(text), [
    { line: 3, key: 'age1aaa' },
    { line: 5, key: 'age1bbb' },
  ])
})

const texts: [name: string, text: string][] = [
  ['an empty file', ''],
  ['a file with a comment', '# the office\nage1aaa\n'],
  ['a file without a newline at its end', 'age1aaa'],
  ['a file of Windows', 'age1aaa\r\n'],
]

for (const [name, text] of texts) {
  test(`a recipient is added to ${name}`, () => {
    const added = withRecipient(text, 'age1bbb')
    assert.ok(added.includes(text))
    assert.deepEqual(
      readKeyLines(added).map(({ key }) => key),
      [...readKeyLines(text).map(({ key }) => key), 'age1bbb'],
    )
    assert.match(added, /\nage1bbb\n$/)
  })
}

test('a recovery file says what it is, when it was made, and how to open an object with it', () => {
  const created = Temporal.Instant.from('2026-11-22T15:40:00Z')
  const text = identityFile(new Secret('AGE-SECRET-KEY-1X'), 'age1bbb', created)
  assert.deepEqual(
    readKeyLines(text).map(({ key }) => key),
    ['AGE-SECRET-KEY-1X'],
  )
  for (const part of [
    'age -d -i FILE OBJECT',
    'activity-tracker open',
    '2026-11-22T15:40:00.000Z',
    'age1bbb',
  ])
    assert.ok(text.includes(part), part)
})
