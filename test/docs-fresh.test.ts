import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, test } from 'node:test'
import { generatedPages } from '../docs/generate.ts'
import { errorRows } from '../protocol/errors.ts'
import { settingRows } from '../protocol/settings.ts'

const root = join(import.meta.dirname, '..')
const ofProject = ['ls-files', '--cached', '--others', '--exclude-standard', '--', '*.md']
const documents = execFileSync('git', ofProject, { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter(path => path !== '' && existsSync(join(root, path)))
  .map(path => ({ path, text: readFileSync(join(root, path), 'utf8') }))

describe('generated pages are as `npm run docs` writes them', async () => {
  for (const { path, current, fresh } of await generatedPages())
    test(relative(root, path), () => assert.equal(current, fresh, 'run: npm run docs'))
})

describe('error codes in documents exist', () => {
  /** Names in capitals that are no error codes of ours. */
  const environment = /^((AWS|XDG|ACTIVITY_TRACKER|NODE|MOZ|DEBIAN|LD)_|(HTTPS?|ALL|NO)_PROXY$)/
  for (const { path, text } of documents)
    test(path, () => {
      const named = [...text.matchAll(/`([A-Z]+(?:_[A-Z0-9]+)+)`/g)].map(([, name]) => name ?? '')
      const unknown = named.filter(name => !environment.test(name) && !Object.hasOwn(errorRows, name))
      assert.deepEqual(unknown, [])
    })
})

describe('errors that documents quote are as they are shown', () => {
  for (const { path, text } of documents)
    test(path, () => {
      const quoted = [...text.matchAll(/^([A-Z]+(?:_[A-Z0-9]+)+): (.*)\n(?: {2}(?!→).*\n)* {2}→ (.*)/gm)]
      for (const [, code = '', sentence, next] of quoted) {
        const row = Object.entries(errorRows).find(([name]) => name === code)?.[1]
        assert.deepEqual({ sentence, next }, { sentence: row?.sentence, next: row?.next })
      }
    })
})

describe('the changelog is in groups', () => {
  const groups = ['Added', 'Changed', 'Fixed']
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8')
  for (const version of changelog.split(/^## /m).slice(1))
    test(version.split('\n')[0] ?? '', () => {
      const [introduction = '', ...parts] = version.split(/^### /m)
      assert.doesNotMatch(
        introduction,
        /^- /m,
        'each line stands under "### Added", "### Changed" or "### Fixed"',
      )
      const names = parts.map(part => part.split('\n')[0] ?? '')
      assert.deepEqual(
        names,
        groups.filter(group => names.includes(group)),
      )
      for (const part of parts)
        for (const line of part.split('\n').slice(1))
          assert.match(line, /^(- \S.*| {2}\S.*|[A-Z][a-z ]+:|)$/, 'an entry, its second line, or a topic')
    })
})

describe('settings that documents change exist', () => {
  for (const { path, text } of documents)
    test(path, () => {
      const named = [...text.matchAll(/settings set ([a-z_]+)/g)].map(([, name]) => name ?? '')
      assert.deepEqual(
        named.filter(name => !Object.hasOwn(settingRows, name)),
        [],
      )
    })
})

describe('relative links in documents lead somewhere', () => {
  for (const { path, text } of documents)
    test(path, () => {
      const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, '')
      const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? '')
      const broken = targets.filter(target => !/^[a-z]+:/.test(target) && !leadsSomewhere(path, target))
      assert.deepEqual(broken, [])
    })
})

const decisionsFolder = join(root, 'docs/decisions')
const mostWords = 300
const decisions = readdirSync(decisionsFolder).map(name => ({
  name,
  text: readFileSync(join(decisionsFolder, name), 'utf8'),
}))

describe('decision records have one form', () => {
  for (const { name, text } of decisions)
    test(name, () => {
      const number = /^(\d{4})-[a-z0-9-]+\.md$/.exec(name)?.[1]
      assert.ok(number !== undefined, 'its name is NNNN-the-decision.md')
      assert.match(text.split('\n')[0] ?? '', new RegExp(`^# ${Number(number)}\\. [A-Z].*[^.]$`), 'its title')
      const parts = [...text.matchAll(/^\*\*(.+?)\.\*\*|^#+ (.*)/gm)].map(
        ([, part, heading]) => part ?? heading,
      )
      assert.deepEqual(parts.slice(1), ['Context', 'Decision', 'Consequences'])
      const words = text.split(/\s+/).filter(word => word !== '').length
      assert.ok(words <= mostWords, `it has ${words} words, and ${mostWords} are the most`)
    })
})

test('each number belongs to one decision', () => {
  const numbers = decisions.map(({ name }) => name.slice(0, 4))
  assert.deepEqual([...new Set(numbers)], numbers)
})

describe('paths in decision records exist', () => {
  for (const { name, text } of decisions)
    test(name, () => {
      const paths = [...text.matchAll(/`((?:[\w.-]+\/)+[\w-]+\.(?:ts|tsx|json|md))`/g)].map(
        ([, path = '']) => path,
      )
      assert.deepEqual(
        paths.filter(path => !existsSync(join(root, path))),
        [],
      )
    })
})

test('the threat model names every test that attacks', () => {
  const model = readFileSync(join(root, 'docs/security.md'), 'utf8')
  const attacks = readdirSync(join(root, 'test/attacks')).filter(name => name.endsWith('.test.ts'))
  assert.deepEqual(
    attacks.filter(name => !model.includes(`](../test/attacks/${name})`)),
    [],
  )
})

function leadsSomewhere(from: string, target: string): boolean {
  const [file = '', anchor] = target.split('#')
  const path = file === '' ? join(root, from) : join(root, dirname(from), file)
  if (!existsSync(path)) return false
  return anchor === undefined || headingsOf(path).includes(anchor)
}

/** As GitHub names them. */
function headingsOf(path: string): string[] {
  const headings = readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm)
  return [...headings].map(([, heading = '']) =>
    heading
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
