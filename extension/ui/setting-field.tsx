import { assertAppError } from '../../protocol/assert-app-error.ts'
import './setting-field.css'
import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Problem } from '../../protocol/errors.ts'
import {
  defaultSettings,
  parseSettingValue,
  type SettingName,
  type SettingRow,
  type Settings,
  type SettingValue,
  settingRows,
} from '../../protocol/settings.ts'
import type { Tone } from '../model/presentation.ts'
import { text } from '../text/catalogue.ts'
import { describeRefusal, settingCommand } from '../text/setting-words.ts'
import { CommandLine } from './command-line.tsx'
import { ProblemNote } from './problem-note.tsx'
import { SettingControl } from './setting-control.tsx'
import type { Tracker } from './tracker.ts'
import { useAnswered } from './use-answered.ts'

const showSavedMs = 4_000

type Outcome =
  | { kind: 'none' }
  | { kind: 'saving'; value: SettingValue }
  | { kind: 'saved' }
  /** Not even sent: the table says what fits. */
  | { kind: 'unfit' }
  | { kind: 'failed'; problem: Problem }

/** What waits for an answer is nothing that went wrong. */
function toneOf({ code }: Problem): Tone {
  return code === 'CONFIRMATION_WAITS' ? 'calm' : 'stop'
}

/** One setting: its words from the table, its control, and what came of the last change. */
export function SettingField(props: {
  name: SettingName
  settings: Partial<Settings> | undefined
  tracker: Tracker
  enabled: boolean
  /** What there is to know about it right now. */
  children?: ComponentChildren
}) {
  const { name, settings, tracker } = props
  const row: SettingRow = settingRows[name]
  const held = settings?.[name] ?? defaultSettings[name]
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'none' })

  useEffect(() => {
    if (outcome.kind !== 'saved') return
    const timer = setTimeout(() => setOutcome({ kind: 'none' }), showSavedMs)
    return () => clearTimeout(timer)
  }, [outcome])

  useAnswered(tracker, outcome.kind === 'failed' ? outcome.problem : undefined, () =>
    setOutcome({ kind: 'none' }),
  )

  async function change(value: SettingValue): Promise<void> {
    try {
      parseSettingValue(name, value)
    } catch (error) {
      assertAppError(error)
      setOutcome({ kind: 'unfit' })
      return
    }
    setOutcome({ kind: 'saving', value })
    const problem = await tracker.request({ type: 'change-setting', name, value })
    setOutcome(problem ? { kind: 'failed', problem } : { kind: 'saved' })
  }

  const readOnly = row.changedFrom === 'computer'
  return (
    <div class="setting-field">
      <div class="words">
        <p class="label">
          <span id={`label-${name}`}>{row.label}</span>
          <span class="saved" role="status">
            {outcome.kind === 'saved' && <span data-testid={`saved-${name}`}>{text.setting.saved}</span>}
          </span>
        </p>
        <small class="soft" id={`help-${name}`}>
          {row.help}
        </small>
      </div>
      <div class="control">
        <SettingControl
          name={name}
          row={row}
          value={outcome.kind === 'saving' ? outcome.value : held}
          enabled={props.enabled}
          readOnly={readOnly}
          // A value that was refused is put back, also in a control that had kept the typed text.
          revision={outcome.kind === 'unfit' || outcome.kind === 'failed' ? outcome : undefined}
          onChange={change}
        />
      </div>
      {outcome.kind === 'unfit' && (
        <p class="below unfit small" role="alert">
          {describeRefusal(name, held)}
        </p>
      )}
      {outcome.kind === 'failed' && (
        <div class="below" role="alert">
          <ProblemNote problem={outcome.problem} tone={toneOf(outcome.problem)} />
        </div>
      )}
      {readOnly && (
        <div class="below">
          <CommandLine command={settingCommand(name)} />
        </div>
      )}
      {props.children && <div class="below">{props.children}</div>}
    </div>
  )
}
