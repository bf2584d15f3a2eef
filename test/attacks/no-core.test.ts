import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { builtProgram } from '../support/built-program.ts'
import { writableMemory } from '../support/outside-view.ts'
import { endProcess, isAlive } from '../support/processes.ts'
import { type Stage, startScenario, untilCounting } from '../support/scenario.ts'
import { waitFor } from '../support/wait-for.ts'

/**
 * As an attacker who gets at what a crash leaves behind, or reads the memory of the tracker while it runs: no
 * core is written, with any limit and to any place, and the memory of the hook does not spell what was typed
 * a moment ago.
 */
const corePattern = '/proc/sys/kernel/core_pattern'
const patternBefore = readFileSync(corePattern, 'utf8')
const restore = () => writeFileSync(corePattern, patternBefore)

/** Twelve letter keys, no two alike: nothing spells them by chance. */
const typed = [24, 39, 54, 26, 41, 56, 28, 43, 58, 30, 45, 31]

let stage: Stage
let cores: string

before(async () => {
  process.once('exit', restore)
  stage = await startScenario()
  cores = join(stage.home.root, 'cores')
  await mkdir(cores)
  const { exit } = await withoutLimit([process.execPath, builtProgram('cli'), 'start', '--acknowledge'])
  assert.equal(exit, 0)
  await counting()
})
after(async () => {
  restore()
  process.off('exit', restore)
  await stage?.[Symbol.asyncDispose]()
})

test('the memory of the hook does not spell what was typed', async () => {
  const before = await presses()
  for (let times = 0; times < 20; times++) for (const key of typed) stage.input.pressKey(key)
  await stage.input.flush()
  await waitFor('the presses to be counted', async () => (await presses()) >= before + 20 * typed.length)
  const spelled: string[] = []
  for (const bytes of writableMemory(await only('input-hook'))) spelled.push(...spellings(bytes))
  assert.deepEqual(spelled, [])
})

test('the way of looking finds what is there', () => {
  const events = typed.flatMap(key => [2, 3].map(kind => Buffer.alloc(32).fill(kind, 0, 1).fill(key, 1, 2)))
  assert.deepEqual(spellings(Buffer.concat([Buffer.alloc(99), ...events])), ['as events of X'])
  assert.deepEqual(spellings(Buffer.from([0, ...typed])), ['1 byte each'])
  assert.deepEqual(spellings(Buffer.from(Float64Array.from(typed).buffer)), ['as numbers'])
})

describe('a crash leaves no core', { concurrency: false }, () => {
  for (const [where, pattern, crashes] of [
    ['in a file', (folder: string) => join(folder, '%e.%p'), [['input-hook', 'SIGSEGV']]],
    [
      'handed to a program',
      (folder: string) => `|/bin/dd of=${folder}/%e.%p status=none`,
      [
        ['input-hook', 'SIGABRT'],
        ['agent', 'SIGABRT'],
      ],
    ],
  ] as const)
    test(where, async () => {
      writeFileSync(corePattern, pattern(cores))
      try {
        // That of another program is written, or this test would show nothing.
        const { pid } = await withoutLimit(['sh', '-c', 'kill -ABRT $$'])
        await waitFor('the core of another program', () =>
          readdirSync(cores).some(name => name.endsWith(`.${pid}`)),
        )
        for (const [program, signal] of crashes) {
          await typing()
          const victim = await only(program)
          endProcess(victim, signal)
          await waitFor(`${program} to end`, () => !isAlive(victim))
          const left = readdirSync(cores).filter(name => name.endsWith(`.${victim}`))
          assert.deepEqual(left, [], `${program} after ${signal}`)
        }
      } finally {
        restore()
      }
    })
})

async function counting(): Promise<void> {
  using tap = await stage.tap()
  await untilCounting(tap)
}

/** A hook that has just been started knows nothing yet; one that has counted a key does. */
async function typing(): Promise<void> {
  const before = await presses()
  await waitFor('a key to be counted', async () => {
    stage.input.pressKey(typed[0] ?? 0)
    await stage.input.flush()
    return (await presses()) > before
  })
}

async function presses(): Promise<number> {
  using tap = await stage.tap()
  return (await tap.status()).today.keys
}

async function only(program: 'agent' | 'input-hook'): Promise<number> {
  const found = await waitFor(program, async () => {
    const all = await stage.processes(program)
    return all.length === 1 && all
  })
  return found[0]?.pid ?? 0
}

function withoutLimit(command: string[]): Promise<{ pid: number; exit: number | null }> {
  return run(['sh', '-c', 'ulimit -c unlimited && exec "$0" "$@"', ...command])
}

async function run([program = '', ...words]: string[]): Promise<{ pid: number; exit: number | null }> {
  const child = spawn(program, words, { env: stage.env, cwd: cores, stdio: 'ignore' })
  const [exit]: (number | null)[] = await once(child, 'exit')
  return { pid: child.pid ?? 0, exit: exit ?? null }
}

/** Half of it, from anywhere, is enough to read the rest. */
const enough = 6

function spellings(bytes: Buffer): string[] {
  const found: string[] = []
  for (let from = 0; from + enough <= typed.length; from += 3) {
    const part = typed.slice(from, from + enough)
    if (hasEvents(bytes, part)) found.push('as events of X')
    if (bytes.includes(Buffer.from(part))) found.push('1 byte each')
    if (bytes.includes(Buffer.from(Uint16Array.from(part).buffer))) found.push('2 bytes each')
    if (bytes.includes(Buffer.from(Uint32Array.from(part).buffer))) found.push('4 bytes each')
    // A small number in an array of V8.
    if (bytes.includes(Buffer.from(BigUint64Array.from(part, key => BigInt(key) << 32n).buffer)))
      found.push('8 bytes each')
    if (bytes.includes(Buffer.from(Float64Array.from(part).buffer))) found.push('as numbers')
  }
  return [...new Set(found)]
}

/** Events have 32 bytes; the first says whether it is a press or a release, the second which key. */
function hasEvents(bytes: Buffer, keys: readonly number[]): boolean {
  const first = Buffer.from([2, keys[0] ?? 0])
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    const presses = keys.map((_, index) => at + 64 * index)
    if (presses.every((place, index) => bytes[place] === 2 && bytes[place + 1] === keys[index])) return true
  }
  return false
}
