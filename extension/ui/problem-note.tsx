import './problem-note.css'
import type { ComponentChildren } from 'preact'
import type { Problem } from '../../protocol/errors.ts'
import { explain } from '../model/explain.ts'
import type { Tone } from '../model/presentation.ts'
import { CommandLine } from './command-line.tsx'

/** What is wrong, in a sentence, and the next step. */
export function ProblemNote(props: { problem: Problem; tone?: Tone; children?: ComponentChildren }) {
  const { sentence, detail, next, command } = explain(props.problem)
  return (
    <div class="problem-note" data-tone={props.tone ?? 'warn'} data-code={props.problem.code}>
      <p>
        <strong>{sentence}</strong>
      </p>
      {detail && <p class="small">{detail}</p>}
      <p>{next}</p>
      {command && <CommandLine command={command} />}
      {props.children}
    </div>
  )
}

/** For what does not stop the main thing: the sentence, and the next step for who asks. */
export function ProblemHint({ problem }: { problem: Problem }) {
  const { sentence, detail, next, command } = explain(problem)
  return (
    <details class="problem-hint" data-tone="warn" data-code={problem.code}>
      <summary>{sentence}</summary>
      <div>
        {detail && <p class="soft small">{detail}</p>}
        <p>{next}</p>
        {command && <CommandLine command={command} />}
      </div>
    </details>
  )
}
