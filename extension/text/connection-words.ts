import {
  type ConnectionReport,
  firstProblem,
  type StepOutcome,
  testSteps,
} from '../../protocol/connection-check.ts'
import { errorRows } from '../../protocol/errors.ts'

/** The state of a step in a word or two, so that it is told without colour and icon too. */
export const outcomeWords: Record<StepOutcome['kind'], string> = {
  waiting: '',
  running: 'Looking …',
  ok: 'OK',
  'not-needed': 'Not needed',
  wrong: 'Here it stops',
  'not-tried': 'Not tried',
}

/** What was found, and how long that took where a person would notice it. */
export function describeOutcome(outcome: StepOutcome): string {
  switch (outcome.kind) {
    case 'ok':
      return outcome.ms < noticedMs ? outcome.found : `${outcome.found} (${seconds(outcome.ms)})`
    case 'not-needed':
      return outcome.why
    case 'wrong':
      return outcome.ms < noticedMs ? '' : `after ${seconds(outcome.ms)}`
    case 'waiting':
    case 'running':
    case 'not-tried':
      return ''
    default:
      throw outcome satisfies never
  }
}

const noticedMs = 200

function seconds(ms: number): string {
  return `${ms < 1000 ? (ms / 1000).toFixed(1) : Math.round(ms / 1000)} s`
}

/** For whoever listens: the step that has just ended, and at the end what came of it. */
export function announce(report: ConnectionReport): string {
  const problem = firstProblem(report)
  if (problem) return `The test has ended. ${errorRows[problem.code].sentence}`
  if (report.steps.every(({ outcome }) => outcome.kind === 'ok' || outcome.kind === 'not-needed'))
    return `The test has ended. ${verdict(report)}`
  const ended = report.steps.findLast(({ outcome }) => outcome.kind === 'ok')
  return ended === undefined ? 'The test has begun.' : `${testSteps[ended.step]}: OK.`
}

export function verdict({ destination }: ConnectionReport): string {
  return destination.kind === 's3' ? 'Everything works: uploads arrive.' : 'Everything works: records arrive.'
}
