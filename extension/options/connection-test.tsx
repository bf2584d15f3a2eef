import './connection-test.css'
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import {
  type ConnectionReport,
  firstProblem,
  type StepOutcome,
  testSteps,
} from '../../protocol/connection-check.ts'
import type { Problem } from '../../protocol/errors.ts'
import type { Tone } from '../model/presentation.ts'
import { text } from '../text/catalogue.ts'
import { announce, describeOutcome, verdict } from '../text/connection-words.ts'
import { ProblemNote } from '../ui/problem-note.tsx'
import type { Tracker } from '../ui/tracker.ts'

/** Walks from this computer to where records go, and shows every step as it ends. */
export function ConnectionTest({ tracker, enabled }: { tracker: Tracker; enabled: boolean }) {
  const [report, setReport] = useState<ConnectionReport>()
  const [running, setRunning] = useState(false)
  const [failure, setFailure] = useState<Problem>()

  async function run(): Promise<void> {
    setRunning(true)
    setReport(undefined)
    setFailure(await tracker.testConnection(setReport))
    setRunning(false)
  }

  const problem = failure ?? (report && firstProblem(report))
  const works = report !== undefined && !running && problem === undefined
  return (
    <div class="connection-test">
      <div class="row">
        <div>
          <h3 id="connection-test">{text.connection.heading}</h3>
          <p class="soft small">{text.connection.hint}</p>
        </div>
        <button
          type="button"
          data-testid="test-connection"
          aria-busy={running}
          // Not `disabled`, which would drop the keyboard's focus.
          aria-disabled={running || !enabled}
          onClick={() => {
            if (!running && enabled) void run()
          }}
        >
          {running ? text.connection.testing : text.connection.test}
        </button>
      </div>
      <p class="visually-hidden" role="status">
        {report && announce(report)}
      </p>
      {report && (
        <ol class="steps" aria-labelledby="connection-test" data-testid="connection-steps">
          {report.steps.map(({ step, outcome }) => (
            <li
              key={step}
              data-step={step}
              data-state={outcome.kind}
              data-tone={tones[outcome.kind]}
              aria-current={outcome.kind === 'running' ? 'step' : undefined}
            >
              <OutcomeMark kind={outcome.kind} />
              <span class="label">{testSteps[step]}</span>
              <span class="word">{text.connection.outcomes[outcome.kind]}</span>
              <span class="found soft small">{describeOutcome(outcome)}</span>
            </li>
          ))}
        </ol>
      )}
      {problem && !running && <ProblemNote problem={problem} tone="stop" />}
      {works && (
        <p class="works" data-tone="good" data-testid="connection-works">
          {verdict(report)}
        </p>
      )}
    </div>
  )
}

const tones: Record<StepOutcome['kind'], Tone | undefined> = {
  waiting: undefined,
  running: 'calm',
  ok: 'good',
  'not-needed': undefined,
  wrong: 'stop',
  'not-tried': undefined,
}

/** The same shapes as the state of the tracker has: round is well, corners are not. */
function OutcomeMark({ kind }: { kind: StepOutcome['kind'] }) {
  return (
    <svg class="outcome-mark" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
      {marks[kind]}
    </svg>
  )
}

const ring = <circle cx="10" cy="10" r="7.5" fill="none" stroke="var(--edge)" stroke-width="1.5" />
const sign = { fill: 'none', stroke: 'var(--on-tone)', 'stroke-width': 2, 'stroke-linecap': 'round' } as const
const marks: Record<StepOutcome['kind'], JSX.Element> = {
  waiting: ring,
  running: (
    <>
      {ring}
      <path class="turning" d="M10 2.5a7.5 7.5 0 0 1 7.5 7.5" {...sign} stroke="var(--tone)" />
    </>
  ),
  ok: (
    <>
      <circle cx="10" cy="10" r="8.5" fill="var(--tone)" />
      <path d="M6.2 10.4l2.5 2.5 5-5.4" {...sign} stroke-linejoin="round" />
    </>
  ),
  'not-needed': (
    <>
      {ring}
      <path d="M7 10h6" {...sign} stroke="var(--soft)" />
    </>
  ),
  wrong: (
    <>
      <path d="M6.5 1.5h7l5 5v7l-5 5h-7l-5-5v-7z" fill="var(--tone)" />
      <path d="M7 7l6 6M13 7l-6 6" {...sign} />
    </>
  ),
  'not-tried': ring,
}
