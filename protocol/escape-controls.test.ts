import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { escapeControls, hasControls } from './escape-controls.ts'

const rows: [what: string, text: string, escaped: string][] = [
  ['a newline', 'a\nb', 'a\\u000ab'],
  ['a carriage return', 'a\rb', 'a\\u000db'],
  ['a tab', 'a\tb', 'a\\u0009b'],
  ['an escape sequence', '\u001b[2K\u001b[1A', '\\u001b[2K\\u001b[1A'],
  ['the same as one character of C1', '\u009b2K', '\\u009b2K'],
  ['delete', '\u007f', '\\u007f'],
  ['writing turned round', 'a\u202egpj.b\u2066c', 'a\\u202egpj.b\\u2066c'],
  ['a line separator', 'a\u2028b', 'a\\u2028b'],
  ['a space that is not seen', 'a\u200bb\ufeffc', 'a\\u200bb\\ufeffc'],
  ['tags, which are two units each', '\u{e0041}', '\\udb40\\udc41'],
  ['half a character', 'a\ud800b', 'a\\ud800b'],
]
for (const [what, text, escaped] of rows)
  test(`${what} is seen`, () => {
    assert.equal(escapeControls(text), escaped)
    assert.equal(hasControls(text), true)
  })

test('what people write stays as it is', () => {
  for (const text of ['Grüße — ✔ 日本語', '/home/ada/a b\\n', '👩‍💻', 'نمونه‌ای', '"quoted"']) {
    assert.equal(escapeControls(text), text)
    assert.equal(hasControls(text), false)
  }
})

test('JSON means the same, and nothing in it controls a terminal', () => {
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      const escaped = escapeControls(JSON.stringify(value))
      assert.deepEqual(JSON.parse(escaped), JSON.parse(JSON.stringify(value)))
      assert.equal(hasControls(escaped), false)
    }),
  )
})
