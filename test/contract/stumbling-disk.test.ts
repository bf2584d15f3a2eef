import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { hash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, describe, test } from 'node:test'
import { openDatabase } from '../../native-host/adapters/store/sqlite.ts'
import {
  type Injection,
  injectAtSyscall,
  type Traced,
  watchSyscalls,
  whyNotTraced,
} from '../faults/at-syscall.ts'
import { inParallel } from '../faults/in-parallel.ts'

/**
 * A disk that stumbles once has lost nothing, and nothing may be given up for it. test/faults looks at all that is
 * stored together; here are the three places that once gave something up.
 */
const skip = await whyNotTraced()
const folder = mkdtempSync(join(tmpdir(), 'stumbling-disk-'))
after(() => rmSync(folder, { recursive: true }))

/** Each is read in another way. */
const files: [what: string, bytes: number, thread: 'main' | 'files'][] = [
  ['a queued file', 300_000, 'main'],
  ['a queued file of a megabyte', 1_000_000, 'files'],
  ['a queued file that is sent in parts', 9_000_000, 'files'],
]

for (const [what, length, thread] of files)
  describe(what, { skip }, () => {
    const path = join(folder, `sealed-${length}`)
    const bytes = randomBytes(length)
    writeFileSync(path, bytes)
    const task = ['sealed-file', path, hash('sha256', bytes)]

    for (const call of ['openat', 'pread64']) {
      test(`is opened although ${call} fails once`, async () => {
        const once: Injection = { call, fault: 'EIO', at: 1, lasting: 'once', file: path }
        assert.deepEqual(await runWith(task, thread, once), { said: 'opened', injected: 1 })
      })

      test(`is given up when ${call} fails at the second look, too`, async () => {
        const forEver: Injection = { call, fault: 'EIO', at: 1, lasting: 'until detached', file: path }
        assert.deepEqual(await runWith(task, thread, forEver), { said: 'given up', injected: 2 })
      })
    }
  })

describe('the database', { skip }, () => {
  test('is either opened for writing or not at all, when any one of the ways to open it fails once', async () => {
    const path = makeDatabase()
    const outcomes: string[] = []
    for (const at of await callsOf(path, 'openat')) {
      const { said } = await runWith(['database', path], 'main', {
        call: 'openat',
        fault: 'EIO',
        at,
        lasting: 'once',
      })
      outcomes.push(said)
    }
    assert.ok(outcomes.includes('STORE_NOT_WRITABLE'), String(outcomes))
    assert.deepEqual(
      outcomes.filter(said => said !== 'STORE_NOT_WRITABLE' && said !== 'written'),
      [],
    )
  })

  const rounds: [state: 'sound' | 'damaged', call: string, lasting: Injection['lasting'], step: number][] = [
    ['sound', 'pread64', 'once', 2],
    ['damaged', 'pread64', 'once', 5],
    ['damaged', 'openat', 'until detached', 2],
  ]
  for (const [state, call, lasting, step] of rounds)
    test(`that is ${state} keeps all of its rows, when any ${call} on the way to them fails ${lasting}`, async () => {
      const original = makeDatabase()
      if (state === 'damaged') damage(original)
      const calls = await callsOf(copyOf(original), call)
      const outcomes: string[] = []
      await inParallel(2, sampleOf(calls, step), async at => {
        const path = copyOf(original)
        const { said } = await runWith(['database', path], 'main', { call, fault: 'EIO', at, lasting })
        outcomes.push(said)
        const { db } = openDatabase(path)
        const found = db.prepare('SELECT count(*) AS rows FROM record').get()
        db.close()
        assert.equal(found?.rows, rows, `${call} ${at} of ${calls.length}: ${said}`)
      })
      assert.ok(outcomes.includes('STORE_NOT_WRITABLE'), String(outcomes))
      if (lasting === 'once') assert.ok(outcomes.includes(state === 'sound' ? 'written' : 'rebuilt'))
    })
})

const sampleOf = (reads: readonly number[], step: number) => reads.filter((_, index) => index % step === 0)

const rows = 300

/** Large enough that its rows lie on several pages. */
function makeDatabase(): string {
  const path = join(mkdtempSync(join(folder, 'database-')), 'state.db')
  const { db } = openDatabase(path)
  const insert = db.prepare('INSERT INTO record (seq, at, line) VALUES (?, ?, ?)')
  for (let seq = 1; seq <= rows; seq++) insert.run(seq, '2026-11-22T10:00:00Z', 'x'.repeat(200))
  db.close()
  return path
}

/** The list of free pages is wrong: SQLite calls it damaged, and all of its rows can still be read. */
function damage(path: string): void {
  const bytes = readFileSync(path)
  const freePages = 36
  bytes.writeUInt32BE(bytes.readUInt32BE(freePages) + 1, freePages)
  writeFileSync(path, bytes)
}

function copyOf(path: string): string {
  const copy = mkdtempSync(join(folder, 'copy-'))
  cpSync(join(path, '..'), copy, { recursive: true })
  return join(copy, 'state.db')
}

/** The numbers of all calls of this name that the main thread makes when nothing fails. */
async function callsOf(path: string, call: string): Promise<number[]> {
  const { made } = await run(['database', path], 'main', thread => watchSyscalls(thread, call))
  return Array.from({ length: made.length }, (_, index) => index + 1)
}

async function runWith(task: string[], thread: 'main' | 'files', injection: Injection) {
  const { said, made } = await run(task, thread, id => injectAtSyscall(id, injection))
  return { said, injected: made.filter(call => call.injected).length }
}

async function run(task: string[], thread: 'main' | 'files', trace: (thread: number) => Promise<Traced>) {
  const program = join(import.meta.dirname, 'disk-user.ts')
  const child = spawn(process.execPath, ['--no-warnings', program, ...task], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  assert.equal((await lines.next()).value, 'ready')
  const traced = await trace(thread === 'main' ? Number(child.pid) : fileThreadOf(child))
  child.stdin.end('\n')
  const said = String((await lines.next()).value)
  if (child.exitCode === null) await once(child, 'exit')
  return { said, made: await traced.calls() }
}

function fileThreadOf({ pid }: ChildProcess): number {
  const name = (thread: string) => readFileSync(`/proc/${pid}/task/${thread}/comm`, 'utf8')
  return Number(readdirSync(`/proc/${pid}/task`).find(thread => name(thread).startsWith('libuv-worker')))
}
