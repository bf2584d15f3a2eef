import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { builtProgram } from '../support/built-program.ts'
import { listeningSockets } from '../support/outside-view.ts'
import { processesOf } from '../support/processes.ts'
import { type Stage, startAgent, startScenario, startTracking } from '../support/scenario.ts'
import { waitFor } from '../support/wait-for.ts'

const start = join(import.meta.dirname, '../../manifests/start.ts')

test('npm start while the tracker runs and while its browser is open: says what is so, and touches nothing', async () => {
  await using stage = await startScenario({ without: 'host' })
  const tap = await startTracking(stage)
  const { agent } = await tap.status()
  const built = await stat(builtProgram('agent'))

  const first = run(stage)
  await waitFor('the first to be open', () => first.text().includes('To stop: press Ctrl+C'), {
    withinMs: 60_000,
    seen: first.text,
  })
  assert.match(first.text(), /nothing is rebuilt/)
  assert.match(first.text(), /this computer is being recorded now/)
  assert.doesNotMatch(first.text(), /Nothing is recorded/)

  const second = run(stage)
  await once(second.process, 'exit')
  assert.equal(second.process.exitCode, 0, second.text())
  assert.match(second.text(), /is already open with the extension/)
  assert.match(second.text(), /this computer is being recorded now/)
  assert.doesNotMatch(second.text(), /INTERNAL|Nothing is recorded/)

  first.process.kill('SIGINT')
  await once(first.process, 'exit')
  assert.match(first.text(), /The browser was closed/)
  const now = await tap.status()
  assert.equal(now.agent.pid, agent.pid, 'the same tracker')
  assert.deepEqual((await stat(builtProgram('agent'))).mtimeMs, built.mtimeMs, 'the same files')
})

test('npm start -- firefox: the extension is in it, and nothing listens on a port', async () => {
  await using stage = await startScenario({ without: 'host' })
  // So that nothing is built.
  await startAgent(stage)
  const started = run(stage, 'firefox')
  await waitFor('it to be open', () => started.text().includes('To stop: press Ctrl+C'), {
    withinMs: 60_000,
    seen: started.text,
  })
  await waitFor('the extension to ask the tracker', async () => (await stage.processes('bridge')).length > 0)
  const all = processesOf(stage.home.root)
  assert.ok(
    all.some(({ command }) => /firefox/.test(command) && /--profile|-profile/.test(command)),
    'Firefox is among them',
  )
  const ports = all.flatMap(({ pid, command }) =>
    listeningSockets(pid).flatMap(socket => (socket.startsWith('unix') ? [] : [`${command}: ${socket}`])),
  )
  assert.deepEqual(ports, [])

  started.process.kill('SIGINT')
  await once(started.process, 'exit')
  assert.match(started.text(), /The browser was closed/)
})

function run(
  { env }: Pick<Stage, 'env'>,
  browser = 'chromium',
): { process: ChildProcess; text: () => string } {
  const child = spawn(process.execPath, ['--no-warnings', start, browser], { env })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  return { process: child, text: () => said }
}
