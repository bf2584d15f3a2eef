import {
  describeLimits,
  type SettingRow,
  settingNames,
  settingRows,
  settingSections,
} from '../protocol/settings.ts'
import { code, madeFrom, table } from './markdown.ts'

export function settingsPage(): string {
  return `${madeFrom('protocol/settings.ts')}# Settings

\`activity-tracker settings set NAME VALUE\` changes any setting. The options page of the extension changes all settings without ⌂.
A change takes effect at once. A setting with ⌂ decides where your data goes: you can change it only on the computer itself, never
from a browser.

The tracker announces a change that protects you less on the desktop, and no setting silences this. The records name the program
that requested it, and \`activity-tracker undo\` reverts it. The last column says which changes are of that kind; an empty cell means
none. Where the desktop shows no notifications, such a change from a browser waits until you allow it with
\`activity-tracker confirm\`. Until then the old value holds.

\`config.json\` in the tracker's folder holds the settings that differ from their defaults. The tracker replaces an invalid value by its
default, keeps a copy of the file, and reports both. \`activity-tracker import config.txt\` reads the same names from the \`[settings]\`
section of an INI file, with \`True\` and \`False\` and comments after \`#\`, in UTF-8 or UTF-16. It ignores placeholders of a template,
uses the last one of duplicate sections, swaps an access key id and a secret that are in each other's place, and reports all of
this. It imports what is valid; if anything is refused, it ends with an error.

${(Object.keys(settingSections) as (keyof typeof settingSections)[]).map(section).join('\n')}`
}

function section(name: keyof typeof settingSections): string {
  const rows = settingNames
    .map((setting): [string, SettingRow] => [setting, settingRows[setting]])
    .filter(([, row]) => row.section === name)
    .map(([setting, row]) => [
      `${code(setting)}${row.changedFrom === 'computer' ? ' ⌂' : ''}`,
      describeLimits(row),
      row.default === '' ? 'empty' : code(String(row.default)),
      `**${row.label}.** ${row.help}`,
      row.weakens.when ?? '',
    ])
  return `## ${settingSections[name]}\n\n${table(['name', 'takes', 'default', 'what it does', 'announced when'], rows)}`
}
