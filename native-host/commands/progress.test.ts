import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Terminal } from './context.ts'
import { withProgress } from './progress.ts'

function terminal(overwrites: Terminal['overwrites']): { said: string[]; terminal: Terminal } {
  const said: string[] = []
  return {
    said,
    terminal: {
      out: async () => undefined,
      write: async () => undefined,
      err: lines => void said.push(...lines),
      show: text => void (overwrites && said.push(text)),
      interactive: false,
      overwrites,
      hush: () => ({ [Symbol.asyncDispose]: async () => undefined }),
      ask: async () => '',
      askSecret: async () => '',
    },
  }
}

test('what is quick is not talked about', async () => {
  const { said, terminal: quiet } = terminal(false)
  assert.equal(await withProgress(quiet, 'Counting', Promise.resolve(3)), 3)
  await assert.rejects(withProgress(quiet, 'Counting', Promise.reject(new Error('no'))), /no/)
  assert.deepEqual(said, [])
})

test('in a log, what takes long is said once', async context => {
  context.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
  const { said, terminal: file } = terminal(false)
  const work = Promise.withResolvers<void>()
  const done = withProgress(file, 'Counting', work.promise)
  context.mock.timers.tick(5000)
  work.resolve()
  await done
  assert.deepEqual(said, ['Counting …'])
})

test('on a terminal it counts the seconds and wipes itself off', async () => {
  const { said, terminal: screen } = terminal(true)
  await withProgress(screen, 'Counting', sleep(1600))
  assert.match(said[0] ?? '', /^Counting … [12] s$/)
  assert.equal(said.at(-1), '')
})
