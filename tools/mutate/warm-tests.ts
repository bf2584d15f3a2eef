import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { collectedTests, startCollecting } from './collect-tests.ts'

/**
 * The process in which mutants are tried, one after the other. It keeps what has been loaded and compiled,
 * and loads again only the file that is changed and what imports it: that takes a tenth of a process for each
 * mutant. Files on disk stay as they are.
 */
export type Setup = { changed: string; affected: string[]; tests: string[] }
export type Change = { start: number; end: number; replacement: string }
export type Order = { setup: Setup } | { change: Change | null }
export type Answer = { passed: boolean; why: string }

const generationOf = (url: string) => new URL(url).searchParams.get('mutant')
const withoutQuery = (url: string) => url.replace(/\?.*$/, '')
const collector = new URL('collect-tests.ts', import.meta.url).href

let generation = 0
let change: Change | null = null
let changed = ''
let affected = new Set<string>()
let tests: string[] = []
/** Settles the run that goes on. */
let settle: ((answer: Answer) => void) | undefined

registerHooks({
  resolve(specifier, context, next) {
    const parent = context.parentURL !== undefined && URL.canParse(context.parentURL) ? context.parentURL : ''
    if (specifier === 'node:test' && parent.includes('?mutant='))
      return { url: collector, shortCircuit: true }
    const resolved = next(specifier, context)
    const isAnew = affected.has(withoutQuery(resolved.url))
    return isAnew ? { ...resolved, url: `${withoutQuery(resolved.url)}?mutant=${generation}` } : resolved
  },
  load(url, context, next) {
    if (!url.startsWith('file:') || generationOf(url) === null) return next(url, context)
    const text = readFileSync(fileURLToPath(url), 'utf8')
    const source = change && withoutQuery(url) === changed ? changedText(text, change) : text
    return { format: 'module-typescript', source, shortCircuit: true }
  },
})
// The same examples for every mutant and in every run.
fc.configureGlobal({ seed: 1 })
process.on('uncaughtException', error => settle?.({ passed: false, why: `${error}` }))
// A promise that nothing will ever settle.
process.on('beforeExit', () => settle?.({ passed: false, why: 'waits for what never comes' }))

process.on('message', async (order: Order) => {
  if ('setup' in order) {
    changed = pathToFileURL(order.setup.changed).href
    affected = new Set(order.setup.affected.map(path => pathToFileURL(path).href))
    tests = order.setup.tests.map(path => pathToFileURL(path).href)
    return
  }
  generation += 1
  change = order.change
  const { promise, resolve } = Promise.withResolvers<Answer>()
  settle = resolve
  process.channel?.unref()
  runAll().then(resolve, error => resolve({ passed: false, why: `${error}` }))
  const answer = await promise
  process.channel?.ref()
  process.send?.(answer)
})

async function runAll(): Promise<Answer> {
  for (const url of tests) {
    startCollecting()
    await import(`${url}?mutant=${generation}`)
    for (const { name, run } of collectedTests())
      try {
        await run()
      } catch (error) {
        return { passed: false, why: `${name}: ${error}` }
      }
  }
  return { passed: true, why: '' }
}

function changedText(text: string, { start, end, replacement }: Change): string {
  return text.slice(0, start) + replacement + text.slice(end)
}
