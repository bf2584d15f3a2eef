import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseSync, Visitor } from 'vite'
import { counted } from '../kernel/counted.ts'
import { text } from './text.ts'

const folder = import.meta.dirname
const files = globSync('*.ts', { cwd: folder }).filter(
  name => !name.endsWith('.test.ts') && name !== 'text.ts',
)

test('no command writes a sentence of its own: all of them are in the catalogue', () => {
  assert.ok(files.length > 30, `${files.length} files were found`)
  const found = files.flatMap(name =>
    wordsIn(name, readFileSync(join(folder, name), 'utf8')).map(words => `${name}: ${words}`),
  )
  assert.deepEqual(found, [])
})

test('a sentence, a label and a part of a template are found; names, options and types are not', () => {
  const of = (code: string) => wordsIn('some.ts', code)
  assert.deepEqual(of("say('Nothing was found.')"), ['Nothing was found.'])
  assert.deepEqual(of("say('Queue')"), ['Queue'])
  assert.deepEqual(of(`say(\`${'$'}{count} objects wait\`)`), [' objects wait'])
  assert.deepEqual(of("say('done.')"), ['done.'])
  const names = [
    "import { a } from './a b.ts'",
    "type T = 'no objects'",
    "option('--out <file>')",
    "is('AGENT_GONE')",
  ]
  for (const code of names) assert.deepEqual(of(code), [], code)
})

test('every text has words, and says them in the terms that were chosen', () => {
  const all = textsOf(text)
  assert.ok(all.length > 200, `${all.length} texts were found`)
  const old = /\b(whoever|somebody|nobody|so long|deliver\w*|seal(s|ed|ing)?|held back|display|monitor)\b/i
  assert.deepEqual(
    all.filter(words => words.trim() === '' || old.test(words)),
    [],
  )
})

test('one is singular, and every other number is plural', () => {
  const forms = { one: 'file', other: 'files' }
  assert.deepEqual(
    [0, 1, 2, 11, 21].map(count => counted(count, forms)),
    ['0 files', '1 file', '2 files', '11 files', '21 files'],
  )
})

/** Literals that read as a sentence, as a label or as parts of one. */
function wordsIn(path: string, code: string): string[] {
  const found: string[] = []
  const check = (words: string) => {
    if (/\p{L}{2}[,;:]?\s+\p{L}|^\s*\p{Lu}\p{Ll}|\s\p{L}{2}|\p{Ll}[.!?…:]\s*$/u.test(words)) found.push(words)
  }
  const imported = new Set<unknown>()
  new Visitor({
    ImportDeclaration: node => void imported.add(node.source),
    TSLiteralType: node => void imported.add(node.literal),
    Literal(node) {
      if (typeof node.value === 'string' && !imported.has(node)) check(node.value)
    },
    TemplateElement: node => check(node.value.raw),
  }).visit(parseSync(path, code).program)
  return found
}

/** Those that are text as it stands; what is a function is tested where it is used. */
function textsOf(part: unknown): string[] {
  if (typeof part === 'string') return part === '' || part === '-' || part === '…' ? [] : [part]
  if (typeof part !== 'object' || part === null || part instanceof RegExp) return []
  return Object.values(part).flatMap(textsOf)
}
