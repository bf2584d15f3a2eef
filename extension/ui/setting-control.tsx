import { useEffect, useState } from 'preact/hooks'
import type { SettingName, SettingRow, SettingValue } from '../../protocol/settings.ts'
import { text } from '../text/catalogue.ts'
import { describeInteger, fitsSideBySide, nearestStop, sliderStops } from '../text/setting-words.ts'

type ControlProps<Row extends SettingRow> = {
  name: SettingName
  row: Row
  value: SettingValue
  enabled: boolean
  readOnly: boolean
  /** A change of it throws away what was typed. */
  revision: unknown
  onChange: (value: SettingValue) => void
}
type Row<T extends SettingRow['type']> = Extract<SettingRow, { type: T }>

/** The control that fits the type of a setting. The input elements carry `data-testid="setting-NAME"`. */
export function SettingControl(props: ControlProps<SettingRow>) {
  const { row } = props
  switch (row.type) {
    case 'boolean':
      return <Switch {...props} row={row} />
    case 'integer':
      return <Amount {...props} row={row} />
    case 'choice':
      return <Segments {...props} row={row} />
    case 'text':
      return <TextBox {...props} row={row} />
    default:
      throw row satisfies never
  }
}

function described(name: SettingName) {
  return { 'aria-labelledby': `label-${name}`, 'aria-describedby': `help-${name}` }
}

function Switch({ name, value, enabled, onChange }: ControlProps<Row<'boolean'>>) {
  return (
    <input
      type="checkbox"
      // biome-ignore lint/a11y/useAriaPropsForRole: a checkbox says so by itself; aria-checked beside it is an error.
      role="switch"
      class="switch"
      data-testid={`setting-${name}`}
      {...described(name)}
      checked={value === true}
      disabled={!enabled}
      onChange={event => {
        const wanted = event.currentTarget.checked
        // The agent decides; until it has, the switch shows what holds.
        event.currentTarget.checked = value === true
        onChange(wanted)
      }}
    />
  )
}

/** A slider for the round values and a number for any other. */
function Amount({ name, row, value, enabled, revision, onChange }: ControlProps<Row<'integer'>>) {
  const [draft, setDraft] = useState<string>()
  // A held or a refused value ends the draft.
  useEffect(() => setDraft(undefined), [value, revision])

  const stops = sliderStops(row)
  const typed = draft ?? String(value)
  const amount = Number(typed)
  return (
    <div class="amount">
      <input
        type="range"
        data-testid={`setting-${name}-range`}
        {...described(name)}
        min={0}
        max={stops.length - 1}
        value={nearestStop(stops, amount)}
        aria-valuetext={describeInteger(amount, row.unit)}
        disabled={!enabled}
        onInput={event => setDraft(String(stops[event.currentTarget.valueAsNumber]))}
        onChange={event => {
          const stop = stops[event.currentTarget.valueAsNumber]
          if (stop !== undefined) onChange(stop)
        }}
      />
      <label class="number">
        <span class="visually-hidden">{text.setting.inUnit(row.label, text.units.names[row.unit])}</span>
        <input
          type="number"
          data-testid={`setting-${name}`}
          aria-describedby={`help-${name}`}
          min={row.min}
          max={row.max}
          value={typed}
          disabled={!enabled}
          onInput={event => setDraft(event.currentTarget.value)}
          onChange={event => onChange(event.currentTarget.valueAsNumber)}
        />
        <span aria-hidden="true">{text.units.signs[row.unit]}</span>
      </label>
      {row.unit === 'seconds' && <output>{describeInteger(amount, row.unit)}</output>}
    </div>
  )
}

function Segments({ name, row, value, enabled, onChange }: ControlProps<Row<'choice'>>) {
  const layout = fitsSideBySide(Object.values(row.choices)) ? 'side-by-side' : 'stacked'
  return (
    <div class={`segments ${layout}`} role="radiogroup" {...described(name)}>
      {Object.entries(row.choices).map(([choice, label]) => (
        <label key={choice}>
          <input
            type="radio"
            name={name}
            value={choice}
            data-testid={`setting-${name}`}
            checked={value === choice}
            disabled={!enabled}
            onChange={() => onChange(choice)}
          />
          <span>{label}</span>
        </label>
      ))}
    </div>
  )
}

function TextBox({ name, row, value, enabled, readOnly, revision, onChange }: ControlProps<Row<'text'>>) {
  const [draft, setDraft] = useState<string>()
  // A held or a refused value ends the draft.
  useEffect(() => setDraft(undefined), [value, revision])
  return (
    <input
      type="text"
      class="text"
      data-testid={`setting-${name}`}
      {...described(name)}
      value={draft ?? String(value)}
      placeholder={readOnly ? text.setting.notSet : row.hint}
      spellcheck={false}
      disabled={!enabled && !readOnly}
      readOnly={readOnly}
      onInput={event => setDraft(event.currentTarget.value)}
      onChange={event => onChange(event.currentTarget.value.trim())}
    />
  )
}
