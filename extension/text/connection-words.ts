import {
  type ConnectionReport,
  firstProblem,
  type StepOutcome,
  testSteps,
} from '../../protocol/connection-check.ts'
import { errorRows } from '../../protocol/errors.ts'
import { text } from './catalogue.ts'

/** What was found, and how long that took where a person would notice it. */
export function describeOutcome(outcome: StepOutcome): string {
  switch (outcome.kind) {
    case 'ok':
      return outcome.ms < noticedMs
        ? outcome.found
        : text.connection.found(outcome.found, seconds(outcome.ms))
    case 'not-needed':
      return outcome.why
    case 'wrong':
      return outcome.ms < noticedMs ? '' : text.connection.after(seconds(outcome.ms))
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
  return text.units.seconds(ms < 1000 ? (ms / 1000).toFixed(1) : Math.round(ms / 1000))
}

/** For a screen reader: the step that has just ended, and at the end what came of it. */
export function announce(report: ConnectionReport): string {
  const problem = firstProblem(report)
  if (problem) return text.connection.ended(errorRows[problem.code].sentence)
  if (report.steps.every(({ outcome }) => outcome.kind === 'ok' || outcome.kind === 'not-needed'))
    return text.connection.ended(verdict(report))
  const ended = report.steps.findLast(({ outcome }) => outcome.kind === 'ok')
  return ended === undefined ? text.connection.begun : text.connection.stepOk(testSteps[ended.step])
}

export function verdict({ destination }: ConnectionReport): string {
  return destination.kind === 's3' ? text.connection.uploadsArrive : text.connection.folderWorks
}
