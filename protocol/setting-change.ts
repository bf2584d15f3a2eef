import { type SettingName, type SettingRow, type SettingValue, settingRows } from './settings.ts'

/** A change of a setting in words of ours: for dialogs, notifications and terminals, where nothing may be more than text. */
export function describeChange(name: SettingName, from: SettingValue, to: SettingValue) {
  const row: SettingRow = settingRows[name]
  return { what: row.label, from: describeValue(row, from), to: describeValue(row, to) }
}

function describeValue(row: SettingRow, value: SettingValue): string {
  switch (row.type) {
    case 'boolean':
      return value === true ? 'on' : 'off'
    case 'integer':
      return `${value} ${row.unit}`
    case 'choice':
      return row.choices[String(value)] ?? String(value)
    case 'text':
      return value === '' ? 'nothing' : plainText(String(value))
    default:
      throw row satisfies never
  }
}

const [mostNames, longestName] = [3, 24]

/** The first of them, and how many more there are. */
export function fewNames(names: readonly string[]): string {
  const first = names.slice(0, mostNames).map(name => plainText(name, longestName))
  const more = names.length - first.length
  return first.join(', ') + (more > 0 ? ` and ${more} more` : '')
}

const longestValue = 80

/** Letters, digits and what separates them: no markup, no quotes, no control or direction marks. */
function plainText(text: string, longest = longestValue): string {
  const plain = text.replace(/[^\p{L}\p{N} .,_()-]/gu, '?')
  return plain.length > longest ? `${plain.slice(0, longest - 1)}…` : plain
}
