import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRestoreProgress } from './restore-progress.ts'

function run(overwrites: boolean) {
  const shown: string[] = []
  const lines: string[] = []
  let now = 0
  const terminal = {
    overwrites,
    show: (text: string) => void shown.push(text),
    err: (added: readonly string[]) => void lines.push(...added),
  }
  const progress = createRestoreProgress(terminal, 100, () => now)
  for (let second = 1; second <= 50; second++) {
    now = second * 1000
    progress.step(1000)
  }
  progress.end()
  return { shown, lines }
}

test('a terminal shows objects, bytes, speed and the time left, and nothing stays', () => {
  const { shown, lines } = run(true)
  assert.equal(shown[9], 'Restoring … 10 of 100, 10 kB, 1 kB/s, 1 min left')
  assert.equal(shown.at(-1), '')
  assert.deepEqual(lines, [])
})

test('a pipe gets a line now and then', () => {
  const { lines } = run(false)
  assert.equal(lines.length, 5)
  assert.match(lines[0] ?? '', /^Restoring … 10 of 100/)
})
