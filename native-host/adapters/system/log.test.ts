import assert from 'node:assert/strict'
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import type { LogEvent } from '../../kernel/ports.ts'
import { openLog } from './log.ts'

const now = () => Temporal.Instant.from('2026-11-22T12:00:00Z')

async function createWorld() {
  const folder = await mkdtemp(join(tmpdir(), 'at-'))
  const path = join(folder, 'log', 'agent.log')
  return {
    folder,
    path,
    log: openLog(path, now),
    lines: async () => (await readFile(path, 'utf8')).trimEnd().split('\n'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

test('an event is one line of JSON with its time', async () => {
  await using world = await createWorld()
  world.log({ event: 'agent-started', pid: 7 })
  world.log({ event: 'delivery-failed', code: 'NETWORK_NONE', detail: 'two\nlines' })
  assert.deepEqual(
    (await world.lines()).map(line => JSON.parse(line)),
    [
      { at: '2026-11-22T12:00:00Z', event: 'agent-started', pid: 7 },
      { at: '2026-11-22T12:00:00Z', event: 'delivery-failed', code: 'NETWORK_NONE', detail: 'two\nlines' },
    ],
  )
})

test('only the fields that a log line has are written, with any further fields in an event', async () => {
  await using world = await createWorld()
  const event = { event: 'x', message: 'canary', key: 'canary', cause: new Error('canary') }
  world.log(event satisfies LogEvent)
  assert.deepEqual(await world.lines(), ['{"at":"2026-11-22T12:00:00Z","event":"x"}'])
})

test('folder and file are for their owner only', async () => {
  await using world = await createWorld()
  world.log({ event: 'x' })
  assert.equal((await stat(world.path)).mode & 0o777, 0o600)
  assert.equal((await stat(dirname(world.path))).mode & 0o777, 0o700)
})

test('after a mebibyte a new file begins; the one before is kept, the one before that is not', async () => {
  await using world = await createWorld()
  for (const fill of ['first', 'second', 'third']) {
    world.log({ event: fill })
    await appendFile(world.path, `${fill}\n`.repeat(200_000))
  }
  world.log({ event: 'now' })
  assert.equal((await world.lines()).length, 1)
  const before = await readFile(`${world.path}.1`, 'utf8')
  assert.match(before, /third/)
  assert.doesNotMatch(before, /first|second/)
})

test('a log that cannot be written throws nothing', async () => {
  await using world = await createWorld()
  await writeFile(dirname(world.path), 'a file where the folder should be')
  world.log({ event: 'x' })
})
