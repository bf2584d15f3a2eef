import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import { consentSections, consentText, consentVersion } from './consent.ts'

test('every section has a title and says something in whole sentences', () => {
  assert.deepEqual(Object.keys(consentSections), Object.keys(consentText))
  for (const sentences of Object.values(consentText)) {
    assert.ok(sentences.length > 0)
    for (const sentence of sentences) assert.match(sentence, /^[A-Z].*\.$/)
  }
})

/** An agreement is to a text. A change of a word adds a row here, with the next number. */
const texts: Record<number, string> = {
  1: '73f6ac74b208d039',
  2: 'e999b251ae01d894',
  3: 'ea6b4303da45f99c',
  4: '73c9971e9beb6185',
}

test('the words are those of this version', () => {
  assert.equal(hash('sha256', JSON.stringify(consentText)).slice(0, 16), texts[consentVersion])
})
