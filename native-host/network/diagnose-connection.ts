import type { ConnectionReport, StepOutcome, TestStep } from '../../protocol/connection-check.ts'
import { toProblem } from '../../protocol/errors.ts'
import type { Clock } from '../kernel/ports.ts'
import type { BucketRoute, DestinationCheck, NetworkProbe } from './ports.ts'

type Ports = { probe: NetworkProbe; clock: Pick<Clock, 'monotonicMs'> }

/** A step: why this route does not need it, or its probe. */
type Step = {
  step: TestStep
  needless?: (way: BucketRoute) => string | undefined
  look: (way: BucketRoute, signal: AbortSignal) => Promise<string>
}

/**
 * Tests the connection from this computer to the destination step by step and stops at the first problem.
 * `onReport` gets every change; the last report is also the result.
 */
export async function diagnoseConnection(
  check: DestinationCheck,
  { probe, clock }: Ports,
  onReport: (report: ConnectionReport) => void,
  signal: AbortSignal,
): Promise<ConnectionReport> {
  const destination = { kind: check.kind, where: check.where }
  if (check.kind === 'folder') {
    const walk = createWalk(['folder'])
    await walk.take('folder', () => check.tryOut(signal))
    return walk.report()
  }

  const steps = s3Steps(probe, check)
  const walk = createWalk(['settings', ...steps.map(({ step }) => step)])
  let way: BucketRoute | undefined
  await walk.take('settings', async () => {
    way = await check.findRoute()
    return way.address.href
  })
  for (const { step, needless, look } of steps) {
    if (way === undefined || walk.ended()) break
    const known = way
    const why = needless?.(known)
    if (why !== undefined) walk.set(step, { kind: 'not-needed', why })
    else await walk.take(step, () => look(known, signal))
  }
  return walk.report()

  function createWalk(names: readonly TestStep[]) {
    const outcomes = new Map<TestStep, StepOutcome>(names.map(step => [step, { kind: 'waiting' }]))
    const report = () => ({
      destination,
      steps: [...outcomes].map(([step, outcome]) => ({ step, outcome })),
    })
    const ended = () => [...outcomes.values()].some(({ kind }) => kind === 'wrong')
    const set = (step: TestStep, outcome: StepOutcome) => {
      outcomes.set(step, outcome)
      if (outcome.kind === 'wrong') {
        for (const [later, { kind }] of outcomes)
          if (kind === 'waiting') outcomes.set(later, { kind: 'not-tried' })
      }
      onReport(report())
    }
    return {
      report,
      ended,
      set,
      async take(step: TestStep, look: () => Promise<string>): Promise<void> {
        set(step, { kind: 'running' })
        const begun = clock.monotonicMs()
        const ms = () => Math.round(clock.monotonicMs() - begun)
        try {
          const found = await look()
          set(step, { kind: 'ok', found, ms: ms() })
        } catch (error) {
          signal.throwIfAborted()
          set(step, { kind: 'wrong', problem: toProblem(error), ms: ms() })
        }
      },
    }
  }
}

function s3Steps(probe: NetworkProbe, check: DestinationCheck): Step[] {
  return [
    { step: 'link', look: probe.findLink },
    {
      step: 'dns',
      needless({ route }) {
        const { host } = route.proxy ?? route.target
        return isAddress(host) ? `${host} is already an address` : undefined
      },
      look: probe.lookUpName,
    },
    {
      step: 'proxy',
      needless: ({ route }) => (route.proxy === undefined ? 'none is set' : undefined),
      look: probe.reachProxy,
    },
    {
      step: 'tcp',
      needless: ({ route }) => (route.proxy === undefined ? undefined : 'the proxy connects'),
      look: probe.connect,
    },
    {
      step: 'tls',
      needless: ({ route }) =>
        route.target.encrypted ? undefined : 'the endpoint uses http; uploads are encrypted anyway',
      look: probe.encrypt,
    },
    { step: 'http', look: probe.askServer },
    { step: 's3', look: (_, signal) => check.tryOut(signal) },
  ]
}

/** In digits, as the system does not have to look it up. */
function isAddress(host: string): boolean {
  return /^\d+(\.\d+){3}$/.test(host) || host.includes(':')
}
