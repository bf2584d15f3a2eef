import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeXText, readingsOfXText, type XTextType } from './x-text.ts'

const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'))
const utf8 = (text: string) => Uint8Array.from(Buffer.from(text, 'utf8'))

/** Compound text as Xlib and GTK write it, in escape sequences of the standard. */
const rows: [what: string, data: Uint8Array, type: XTextType, text: string][] = [
  ['UTF8_STRING', utf8('Ärger — 秘密'), 'UTF8_STRING', 'Ärger — 秘密'],
  ['STRING, which is Latin-1', bytes('\xc4rger'), 'STRING', 'Ärger'],
  ['STRING of bytes that windows-1252 has letters for', bytes('a\x80b'), 'STRING', 'a\x80b'],
  ['a type of which nothing is known, as UTF-8', utf8('秘密'), 'other', '秘密'],
  ['a type of which nothing is known, not UTF-8', bytes('\xc4rger'), 'other', 'Ärger'],
  ['plain compound text', bytes('plain \xe9'), 'COMPOUND_TEXT', 'plain é'],
  [
    'compound text with UTF-8 in it, as Firefox writes its dash',
    bytes('page \x1b%G\xe2\x80\x94\x1b%@ Mozilla Firefox'),
    'COMPOUND_TEXT',
    'page — Mozilla Firefox',
  ],
  ['UTF-8 that never ends', bytes('a \x1b%G\xe2\x80\x94 b'), 'COMPOUND_TEXT', 'a — b'],
  ['Latin-2', bytes('\x1b-B\xa3\xf3d\xbc'), 'COMPOUND_TEXT', 'Łódź'],
  ['Cyrillic', bytes('\x1b-L\xbc\xde\xd9'), 'COMPOUND_TEXT', 'Мой'],
  ['Greek, and Latin-1 again', bytes('\x1b-F\xe1\x1b-A\xe9'), 'COMPOUND_TEXT', 'αé'],
  ['JIS X 0208 in the left half', bytes('\x1b$(BHkL)\x1b(B!'), 'COMPOUND_TEXT', '秘密!'],
  ['JIS X 0208 in the right half', bytes('\x1b$)B\xc8\xeb\xcc\xa9'), 'COMPOUND_TEXT', '秘密'],
  ['GB 2312', bytes('\x1b$(AC\x58\x43\x5c'), 'COMPOUND_TEXT', '秘密'],
  ['KS C 5601', bytes('\x1b$(CGQ19'), 'COMPOUND_TEXT', '한국'],
  ['half-width katakana', bytes('\x1b)I\xb1\xb2'), 'COMPOUND_TEXT', 'ｱｲ'],
  [
    'a segment in an encoding that it names',
    bytes('a\x1b%/1\x80\x8akoi8-r\x02\xed\xcf\xcab'),
    'COMPOUND_TEXT',
    'aМойb',
  ],
  ['a segment in an unknown encoding', bytes('a\x1b%/1\x80\x85foo\x02\xedb'), 'COMPOUND_TEXT', 'ab'],
  ['the direction of writing', bytes('\x9b2]\x1b-H\xf9\xec\xe5\xed\x9b]'), 'COMPOUND_TEXT', 'שלום'],
  ['an escape sequence of a later version', bytes('a\x1b#1b'), 'COMPOUND_TEXT', 'ab'],
  ['an escape sequence that is cut off', bytes('a\x1b$'), 'COMPOUND_TEXT', 'a'],
]
for (const [what, data, type, text] of rows)
  test(`${what}`, () => assert.equal(decodeXText(data, type), text))

test('UTF-8 that is called STRING can be found both ways', () => {
  assert.deepEqual(readingsOfXText(utf8('Señal'), 'STRING'), ['SeÃ±al', 'Señal'])
  assert.deepEqual(readingsOfXText(bytes('Se\xf1al'), 'STRING'), ['Señal'])
  assert.deepEqual(readingsOfXText(bytes(''), 'STRING'), [])
})

test('property: no bytes make it fail', () => {
  const byte = fc.oneof(fc.nat(255), fc.constantFrom(0x1b, 0x25, 0x2f, 0x24, 0x28, 0x29, 0x2d, 0x47, 0x9b))
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 60 }), data => {
      assert.equal(typeof decodeXText(Uint8Array.from(data), 'COMPOUND_TEXT'), 'string')
    }),
    { numRuns: 2000 },
  )
})
