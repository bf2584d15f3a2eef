import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { parseSync, Visitor } from 'vite'
import { stringsIn, unwantedIn } from '../../test/support/plain-words.ts'
import { text } from './catalogue.ts'
import { pluralsOf } from './plurals.ts'

const top = join(import.meta.dirname, '..', '..')
const extension = join(top, 'extension')
const files = globSync('{extension,native-host/pages}/**/*.{ts,tsx}', { cwd: top })
  .map(path => path.replaceAll('\\', '/'))
  .filter(path => !/\.(test|d)\.tsx?$/.test(path) && !/(text\/catalogue|pages\/\w+\/text)\.ts$/.test(path))

test('no file writes a text of its own: all of them are in the catalogue', () => {
  assert.ok(files.filter(path => path.endsWith('.tsx')).length > 30, `${files.length} files were found`)
  const found = files.flatMap(path =>
    textsIn(path, readFileSync(join(top, path), 'utf8')).map(words => `${path}: ${words}`),
  )
  assert.deepEqual(found, [])
})

describe('found as a text:', () => {
  const rows = [
    '<p>Saved</p>',
    '<p>{count} waiting</p>',
    '<p title="Saved" />',
    '<p aria-label="saved" />',
    `<p aria-label={\`Copy ${'$'}{name}\`} />`,
    '<input placeholder="not set" />',
    "<p>{busy ? 'Saving' : null}</p>",
    "const words = 'Nothing yet.'",
    `const words = \`${'$'}{count} files wait\``,
  ]
  for (const code of rows) test(code, () => assert.notDeepEqual(textsIn('some.tsx', code), []))
})

describe('not found:', () => {
  const rows = [
    '<p class="soft small">{text.chart.empty}</p>',
    '<i data-testid="two words" />',
    '<p>← · →</p>',
    "import { a } from './a b.ts'",
    "type T = 'no objects'",
    "console.warn('The badge could not be set', error)",
    "const path = 'welcome/index.html'",
  ]
  for (const code of rows) test(code, () => assert.deepEqual(textsIn('some.tsx', code), []))
})

test('every text uses one word for one thing, and plain English', () => {
  const texts = stringsIn(text)
  assert.ok(texts.length > 150, `${texts.length} texts were found`)
  assert.deepEqual(texts.flatMap(unwantedIn), [])
  // What the functions add to their values, as they are written.
  const source = readFileSync(join(extension, 'text/catalogue.ts'), 'utf8')
  const templates: string[] = []
  new Visitor({ TemplateElement: node => void templates.push(node.value.raw) }).visit(
    parseSync('catalogue.ts', source).program,
  )
  assert.ok(templates.length > 100, `${templates.length} parts were found`)
  assert.deepEqual(templates.flatMap(unwantedIn), [])
})

test('the plural is chosen by the language', () => {
  const files = (count: number) => pluralsOf('en')(count, { one: 'file', other: 'files' })
  assert.deepEqual([0, 1, 2, 21].map(files), ['files', 'file', 'files', 'files'])
  const polish = { one: 'plik', few: 'pliki', many: 'plików', other: 'pliku' }
  assert.deepEqual(
    [1, 2, 5, 22].map(count => pluralsOf('pl')(count, polish)),
    ['plik', 'pliki', 'plików', 'pliki'],
  )
})

/** Commands and names are the same in every language; details of MESSAGE_INVALID stay in the console. */
const untranslated = [
  /^activity-tracker( |$)/,
  /^(Escape|Home|End)$/,
  /^(Chromium|Firefox|Browser)$/,
  /^Zz$/,
  // A name in the language, and an error that is caught.
  /^(Temporal|no base64)$/,
  /^a page (may not send|is not told)$/,
]
const shown = new Set(['title', 'aria-label', 'placeholder', 'alt', 'label', 'term', 'aria-valuetext'])

/** Text between elements, attributes that are read or heard, and literals that look like a sentence or a label. */
function textsIn(path: string, code: string): string[] {
  const found: string[] = []
  const take = (words: string) => {
    const trimmed = words.trim()
    if (/\p{L}/u.test(trimmed) && !untranslated.some(name => name.test(trimmed))) found.push(trimmed)
  }
  const sentence = (words: string) => {
    if (/\p{L}{2}[,;:]?\s+\p{L}|^\p{Lu}\p{Ll}+\s*$|^\s\p{L}{2}|\p{Ll}[.!?…]$/u.test(words)) take(words)
  }
  const passedOver = new Set<unknown>()
  new Visitor({
    ImportDeclaration: node => void passedOver.add(node.source),
    TSLiteralType: node => void passedOver.add(node.literal),
    CallExpression(node) {
      const { callee } = node
      const isLog =
        callee.type === 'MemberExpression' &&
        callee.object.type === 'Identifier' &&
        callee.object.name === 'console'
      if (isLog) for (const value of node.arguments) passedOver.add(value)
    },
    JSXText: node => take(node.value),
    JSXAttribute(node) {
      const { value } = node
      if (value?.type === 'Literal') {
        passedOver.add(value)
        if (shown.has(String(node.name.name))) take(String(value.value))
      }
    },
    Literal(node) {
      if (typeof node.value === 'string' && !passedOver.has(node)) sentence(node.value)
    },
    TemplateElement: node => sentence(node.value.raw),
  }).visit(parseSync(path, code).program)
  return found
}
