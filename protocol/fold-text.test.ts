import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { foldText } from './fold-text.ts'

const alike: [what: string, one: string, other: string][] = [
  ['case', 'KeePassXC', 'keepassxc'],
  ['composed and combining marks', 'Trésor', 'tre\u0301sor'],
  ['the order of two combining marks', 'a\u0323\u0301', 'a\u0301\u0323'],
  ['full-width letters', 'ＫｅｅＰａｓｓ', 'keepass'],
  ['half-width katakana', 'ﾊﾟｽﾜｰﾄﾞ', 'パスワード'],
  ['the dotless i', 'SIGNAL', 'sıgnal'],
  ['the dotted capital I', 'İstanbul Bank', 'istanbul bank'],
  ['a dotted capital I that is composed', 'I\u0307stanbul Bank', 'istanbul bank'],
  ['the German ß', 'STRASSE', 'Straße'],
  ['the final sigma', 'ΟΔΟΣ', 'οδος'],
  ['the final sigma within a name', 'ΟΔΟΣ', 'οδοσ'],
  ['a ligature', 'ﬁnance', 'Finance'],
  ['a soft hyphen and marks of direction', 'on\u00adline \u200ebank\u200b', 'online bank'],
  ['spaces of another width', 'online\u00a0 bank', 'online bank'],
  ['Cherokee, whose lower case is the newer one', 'ᏣᎳᎩ', 'ꮳꮃꭹ'],
]
for (const [what, one, other] of alike)
  test(`${what} makes no difference`, () => assert.equal(foldText(one), foldText(other)))

const apart: [string, string][] = [
  ['sígnal', 'signal'],
  ['bank', 'banc'],
  ['signal', 'sgnal'],
]
for (const [one, other] of apart)
  test(`${one} is not ${other}`, () => assert.notEqual(foldText(one), foldText(other)))

test('property: folding again changes nothing, and neither does the case before it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      const folded = foldText(text)
      assert.equal(foldText(folded), folded)
    }),
  )
})
