import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import type { Status } from '../../protocol/status.ts'
import { tapAgent } from '../support/agent-tap.ts'
import { builtProgram } from '../support/built-program.ts'
import { createTrackerHome } from '../support/tracker-home.ts'
import { ownDisplayNumber, startVirtualDisplay } from '../support/virtual-display.ts'
import { waitFor } from '../support/wait-for.ts'

test('a tracker that outlives its session goes over to the one from which it is asked', async () => {
  await using home = await createTrackerHome()
  const run = async (display: string, ...words: string[]) => {
    const program = ['--no-warnings', builtProgram('cli'), ...words]
    return promisify(execFile)(process.execPath, program, { env: { ...home.env, DISPLAY: display } })
  }
  const until = (what: string, isSo: (status: Status) => boolean) =>
    waitFor(what, async () => {
      using tap = await tapAgent(home.places)
      const status = await tap.status()
      return isSo(status) && status
    })
  await using first = await startVirtualDisplay({ number: ownDisplayNumber() })
  await using second = await startVirtualDisplay()
  await run(first.display, 'start', '--acknowledge')
  const before = await until('input to be counted', ({ input }) => input.state === 'counting')

  // Another session that only asks changes nothing while the own one is there.
  const { stderr: runs } = await run(second.display, 'start')
  assert.match(runs, /The tracker is already running/)
  assert.equal((await until('an answer', () => true)).agent.pid, before.agent.pid)

  await first.stop()
  await until('the loss', ({ input }) => input.problem?.code === 'INPUT_NO_DISPLAY')
  const { stdout, stderr } = await run(second.display, 'start')
  assert.doesNotMatch(stderr, /The tracker is already running/)
  assert.doesNotMatch(stdout, /INPUT_NO_DISPLAY/)
  const after = await until('input to be counted again', ({ input }) => input.state === 'counting')
  assert.notEqual(after.agent.pid, before.agent.pid)
  assert.equal(after.agent.device, before.agent.device)
})
