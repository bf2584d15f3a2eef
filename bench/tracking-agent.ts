import { type Stage, startAgent, untilStatus } from '../test/support/stage.ts'

/** An agent that tracks on a display of its own, with what it takes to measure it. */
export async function startTracking(stage: Stage): Promise<{ pids: number[] }> {
  await startAgent(stage)
  const consent = await stage.cli('start', '--acknowledge')
  if (consent.exit !== 0) throw new Error(`could not start tracking: ${consent.stderr}`)
  const tap = await stage.tap()
  await untilStatus(tap, 'tracking', status => status.input.state === 'counting')
  tap[Symbol.dispose]()
  const processes = [...(await stage.processes('agent')), ...(await stage.processes('input-hook'))]
  return { pids: processes.map(({ pid }) => pid) }
}
