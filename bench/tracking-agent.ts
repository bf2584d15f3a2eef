import { type Stage, startAgent, untilStatus } from '../test/support/scenario.ts'

/** An agent that tracks on a display of its own, with what it takes to measure it. */
export async function startTracking(
  stage: Stage,
): Promise<{ pids: number[]; named: Record<string, number> }> {
  await startAgent(stage)
  const consent = await stage.cli('start', '--acknowledge')
  if (consent.exit !== 0) throw new Error(`could not start tracking: ${consent.stderr}`)
  const tap = await stage.tap()
  await untilStatus(tap, 'tracking', status => status.input.state === 'counting')
  tap[Symbol.dispose]()
  const named: Record<string, number> = {}
  for (const program of ['agent', 'input-hook'] as const)
    for (const { pid } of await stage.processes(program)) named[program] = pid
  return { pids: Object.values(named), named }
}
