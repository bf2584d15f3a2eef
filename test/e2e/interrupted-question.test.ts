import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { test } from 'node:test'
import { builtProgram } from '../support/built-program.ts'
import { processesOf } from '../support/processes.ts'
import { createTrackerHome } from '../support/tracker-home.ts'

/** Presses Ctrl+C once `question` is on the terminal; resolves with the exit code. */
async function interruptAt(
  question: string,
  words: string[],
  env: NodeJS.ProcessEnv,
): Promise<number | null> {
  const command = [process.execPath, '--no-warnings', builtProgram('cli'), ...words].join(' ')
  const terminal = spawn('script', ['-qefc', command, '/dev/null'], { env })
  let said = ''
  let pressed = false
  terminal.stdout.on('data', (piece: Buffer) => {
    said += piece
    if (pressed || !said.includes(question)) return
    pressed = true
    terminal.stdin.write('\u0003')
  })
  return new Promise(resolve => terminal.once('close', resolve))
}

test('Ctrl+C at a question ends with 130', async () => {
  await using home = await createTrackerHome()
  assert.equal(await interruptAt('Access key ID', ['credentials', 'set', '--file'], home.env), 130)
  assert.equal(await interruptAt('[y/N]', ['start'], home.env), 130)
  const left = processesOf(home.root).filter(({ command }) => command.includes('agent'))
  assert.deepEqual(left, [], 'an agent without consent ends with the question')
})
