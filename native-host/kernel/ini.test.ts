import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseIni } from './ini.ts'

const rows: [name: string, line: string, key: string, value: string | undefined][] = [
  ['plain', 'a = 1', 'a', '1'],
  ['without spaces', 'a=1', 'a', '1'],
  ['with a colon', 'a: 1', 'a', '1'],
  ['indented', '   a = 1', 'a', '1'],
  ['key in capitals', 'Screenshot_Interval = 1', 'screenshot_interval', '1'],
  ['inline comment', 'a = 1 # one', 'a', '1'],
  ['inline comment with a semicolon', 'a = 1 ; one', 'a', '1'],
  ['only a comment', 'a = # nothing', 'a', ''],
  ['empty', 'a =', 'a', ''],
  ['double quotes', 'a = "x y"', 'a', 'x y'],
  ['single quotes', "a = 'x y'", 'a', 'x y'],
  ['quotes and a comment', 'a = "x # y" # z', 'a', 'x # y'],
  ['a quote that does not end', 'a = "x', 'a', '"x'],
  ['hash inside a word', 'a = x#y;z', 'a', 'x#y;z'],
  ['hash as the first character', 'a=#y', 'a', '#y'],
  ['backslashes', 'a = x\\y\\\\z', 'a', 'x\\y\\\\z'],
  ['an equals sign in the value', 'a = b=c==', 'a', 'b=c=='],
  ['a commented line', '# a = 1', 'a', undefined],
  ['an indented comment', '   ; a = 1', 'a', undefined],
  ['a key that every object has', 'constructor = x', 'constructor', 'x'],
  ['a key that every object has', '__proto__ = x', '__proto__', 'x'],
]

for (const [name, line, key, value] of rows) {
  test(`${name}: ${line}`, () => {
    for (const newline of ['\n', '\r\n', '\r']) {
      const { sections, notUnderstood } = parseIni(['[s]', line, ''].join(newline))
      assert.equal(sections.get('s')?.get(key), value)
      assert.deepEqual(notUnderstood, [])
    }
  })
}

test('sections begin at their heading and continue when it is repeated', () => {
  const { sections } = parseIni('\uFEFFx = 0\n[One] # first\na = 1\n [two]\na = 2\n[one]\nb = 3\n')
  assert.deepEqual(Object.fromEntries(sections.get('') ?? []), { x: '0' })
  assert.deepEqual(Object.fromEntries(sections.get('one') ?? []), { a: '1', b: '3' })
  assert.deepEqual(Object.fromEntries(sections.get('two') ?? []), { a: '2' })
})

test('the keys below the last of two equal headings are also listed apart', () => {
  const { lastSections, repeated } = parseIni('[a]\nx = 1\ny = 1\n[b]\nz = 1\n[A]\nx = 2\n')
  assert.deepEqual(Object.fromEntries(lastSections.get('a') ?? []), { x: '2' })
  assert.deepEqual(Object.fromEntries(lastSections.get('b') ?? []), { z: '1' })
  assert.deepEqual(repeated, ['a'])
})

test('a line that is not understood is known by its number only', () => {
  assert.deepEqual(parseIni('[s]\n\njust words\na = 1\n= 2\n').notUnderstood, [3, 5])
})

test('any value without spaces and quotes comes back as it was written', () => {
  const value = fc.string({ unit: fc.constantFrom(...'aZ09+/=#;:\\[]%$_-.'), minLength: 1 })
  fc.assert(
    fc.property(value, text => {
      assert.equal(parseIni(`[s]\nkey=${text}`).sections.get('s')?.get('key'), text)
    }),
  )
})

test('no text makes it fail', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'a=:[]#;"\'\\ \t\n\r\0') }),
      text => void parseIni(text),
    ),
  )
})
