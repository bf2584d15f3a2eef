import assert from 'node:assert/strict'
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { keptProgram } from './kept-program.ts'

const signal = new AbortController().signal
const source = `process.once('disconnect', () => process.exit())
process.on('message', ({ what }) => what === 'die' ? process.exit(1) : process.send(process.pid))`

async function start() {
  const folder = await mkdtempDisposable(join(tmpdir(), 'kept-'))
  const path = join(folder.path, 'program.mjs')
  await writeFile(path, source)
  return {
    program: keptProgram(path, () => ({ env: process.env })),
    [Symbol.asyncDispose]: folder[Symbol.asyncDispose],
  }
}

function isAlive(pid: unknown): boolean {
  try {
    return process.kill(Number(pid), 0)
  } catch {
    return false
  }
}

test('requests that follow each other are answered by one process, each by its own answer', async () => {
  await using world = await start()
  const [first, second] = await Promise.all([1, 2].map(() => world.program.ask({ what: 'pid' }, signal)))
  assert.equal(first, second)
  await sleep(900)
  assert.ok(isAlive(first), 'it is kept for the next')
})

test('after a single one the process is gone soon, and the next starts another', async () => {
  await using world = await start()
  const pid = await world.program.ask({ what: 'pid' }, signal)
  await sleep(900)
  assert.ok(!isAlive(pid))
  assert.notEqual(await world.program.ask({ what: 'pid' }, signal), pid)
})

test('when it dies that is an error of the request, and the next is answered', async () => {
  await using world = await start()
  await assert.rejects(world.program.ask({ what: 'die' }, signal), /ended without an answer/)
  assert.ok(isAlive(await world.program.ask({ what: 'pid' }, signal)))
})
