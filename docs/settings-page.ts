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

Every setting can be changed with \`activity-tracker settings set NAME VALUE\`, and all but those marked with ⌂ on the options
page of the extension, too. A change counts at once. What is marked with ⌂ says where your data goes: it can only be changed
on the computer itself, never from a browser.

What protects you less than before is announced on the desktop by the tracker itself, which no setting silences, stands in the
records with who asked for it, and is undone by \`activity-tracker undo\`. The last column says when a change is of that kind;
where it is empty, none is. Where the desktop shows no notifications, such a change from a browser waits until you allow it
with \`activity-tracker confirm\`; until then the old value holds.

They are kept in \`config.json\` in the tracker's folder, which holds only what differs from the defaults. A value that does not
fit is replaced by its default, and the file is kept aside, and both are said. \`activity-tracker import config.txt\` reads the
same names from the \`[settings]\` section of an INI file, with \`True\` and \`False\` and comments after \`#\`, in
UTF-8 or UTF-16. Placeholders of a template are not taken, a section that comes twice counts as it stands last, and an access key
id and a secret that stand in each other's place are swapped; all of that is said.

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
