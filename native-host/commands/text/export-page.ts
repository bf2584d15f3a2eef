import { hash } from 'node:crypto'
import { escapeControls } from '../../../protocol/escape-controls.ts'
import { counted } from '../../kernel/counted.ts'

/** What index.html of an export says, and how it looks. It is one file without a script that asks no network. */
export type ExportPage = {
  madeAt: string
  device: string
  home: string
  days: readonly {
    device: string
    date: string
    records: number
    screenshots: number
    recordsPath: string
    screenshotsPath: string
  }[]
  /** Beside the days: those that have something in them. */
  files: readonly { path: string; about: FileTopic; count?: number }[]
  missing: {
    bucket: string | undefined
    away: readonly string[]
    failed: number
    deleted: number
    setAside: readonly string[]
  }
}

export type FileTopic = keyof typeof about

const about = {
  report: 'Your days, weeks and months as a report with pictures: the best place to start.',
  held: 'Screenshots that still wait on this computer and were not uploaded yet.',
  choices:
    'Your choices and who asked for what: consent, pauses, changed settings, confirmations, verdicts you withdrew.',
  settings: 'All settings as they are now.',
  keys: 'The public keys: who can open what is encrypted. No private key is in it.',
  notStored: 'Input that was counted in the last seconds and is in no record yet.',
  database:
    'What the tracker keeps on this computer beside the records: totals of each minute, the timeline of the last days, what waits to upload.',
  log: 'The log of the tracker: what went wrong, without contents.',
  notOpened: 'What could not be opened, with the reason.',
} as const

const screenshots = { one: 'screenshot', other: 'screenshots' }
const records = { one: 'record', other: 'records' }
const files = { one: 'file', other: 'files' }

const style = `:root{color-scheme:light dark;--page:light-dark(#f2f5f3,#0d1311);--card:light-dark(#fff,#151c19);--ink:light-dark(#13201b,#e8f0ec);--soft:light-dark(#53635b,#a2b3aa);--line:light-dark(#dbe3de,#2a3631);--good:light-dark(#0a6a50,#56d1a4);--warn:light-dark(#fdf2de,#2a2012)}
*{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:46rem;margin:0 auto;padding:2rem 1rem 4rem}h1{font-size:1.7rem;line-height:1.2;margin:0 0 .5rem}h2{font-size:1.2rem;margin:2.2rem 0 .6rem}
p{margin:.4rem 0}.soft{color:var(--soft)}.note{background:var(--warn);border:1px solid var(--line);border-radius:10px;padding:.6rem 1rem;margin:1rem 0}
a{color:var(--good)}dl,table,.none{background:var(--card);border:1px solid var(--line);border-radius:10px;margin:0;width:100%}dl>div{padding:.7rem 1rem;border-top:1px solid var(--line)}dl>div:first-child{border:0}dt{font-weight:600}dd{margin:0}
table{border-collapse:separate;border-spacing:0}th,td{text-align:start;padding:.45rem 1rem;border-top:1px solid var(--line);font-weight:400;vertical-align:top}thead th{border:0;color:var(--soft);font-size:.9rem}.none{padding:.7rem 1rem}
code{font:.92em ui-monospace,monospace}ul{padding-inline-start:1.3rem;margin:.4rem 0}li{margin:.5rem 0}`

export function exportPage(page: ExportPage): string {
  const { madeAt, device, days, files } = page
  const policy = `default-src 'none'; style-src 'sha256-${hash('sha256', style, 'base64')}'; base-uri 'none'; form-action 'none'`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>What the activity tracker has about you</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>What the activity tracker has about you</h1>
<p class="soft">Saved ${shown(madeAt)}${device === '' ? '' : ` on the computer that calls itself <code>${shown(device)}</code> in its records`}.</p>
<p class="note">Everything here is decrypted. Anyone who can read this folder can read all of it. Keep it in a safe place, and delete it when you no longer need it.</p>
<h2>Day by day</h2>
${days.length === 0 ? '<p class="none">Nothing was recorded yet, or none of it could be read.</p>' : dayTable(page)}
<h2>Everything else</h2>
<dl>
${files.map(fileRow).join('\n')}
</dl>
<h2>What is not in it</h2>
<ul>
${missingItems(page)
  .map(item => `<li>${item}</li>`)
  .join('\n')}
</ul>
<h2>How to read the files</h2>
<p>Files that end in <code>.ndjson</code> hold one entry a line, with its time, in a form for programs. Any text editor opens them. Times are in UTC; <code>zone</code> and <code>offset</code> say what your clock showed. Screenshots are named after the time on your clock. A day begins and ends at midnight on your clock.</p>
</main>
</body>
</html>
`
}

function dayTable({ days }: ExportPage): string {
  const several = new Set(days.map(({ device }) => device)).size > 1
  const rows = days.map(
    day => `<tr><th scope="row">${shown(day.date)}</th>${several ? `<td>${shown(day.device)}</td>` : ''}
<td>${day.records === 0 ? 'none' : link(day.recordsPath, counted(day.records, records))}</td>
<td>${day.screenshots === 0 ? 'none' : link(day.screenshotsPath, counted(day.screenshots, screenshots))}</td></tr>`,
  )
  return `<table>
<thead><tr><th scope="col">Date</th>${several ? '<th scope="col">Computer</th>' : ''}<th scope="col">What was recorded</th><th scope="col">Screenshots</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>`
}

function fileRow({ path, about: topic, count }: ExportPage['files'][number]): string {
  const how = count === undefined ? '' : ` <span class="soft">(${count})</span>`
  return `<div><dt>${link(path, path)}${how}</dt><dd>${about[topic]}</dd></div>`
}

/** True of this very export, and nothing is left out that a person would look for. */
function missingItems({ home, missing }: ExportPage): string[] {
  const { bucket, away, failed, deleted, setAside } = missing
  return [
    ...(bucket === undefined
      ? []
      : [
          `What is in <code>${shown(bucket)}</code> and no longer on this computer: the bucket was not read. To include it, with credentials that may list and read: <code>activity-tracker export --to FOLDER --from-destination</code>`,
        ]),
    ...away.map(
      folder => `What is in <code>${shown(folder)}</code>: the folder could not be read when this was saved.`,
    ),
    ...(failed === 0
      ? []
      : [
          `${counted(failed, files)} that could not be opened: ${link('not-opened.txt', 'the list, with the reasons')}.`,
        ]),
    ...(setAside.length === 0
      ? []
      : [
          `What the tracker set aside because it is damaged or not its own: ${setAside.map(shown).join(', ')}.`,
        ]),
    deleted === 0
      ? 'Screenshots that you delete before they are uploaded. They are gone for good.'
      : `${counted(deleted, screenshots)} that you deleted before upload. The pictures are gone for good; the records say that they existed.`,
    'What was uploaded to another folder or bucket that was set earlier. The tracker does not know what is still there.',
    `Your private key, the key that signs for this computer, passwords and credentials. They stay in <code>${shown(home)}</code> or in the system’s keychain. To save your private key: <code>activity-tracker keys export FILE</code>`,
    'What each browser keeps for the extension: the last status and the settings, so that its pages have something to show.',
    'Which keys you pressed, the titles of windows, and addresses of pages. The tracker never records them.',
  ]
}

function link(path: string, words: string): string {
  return `<a href="${path.split('/').map(encodeURIComponent).join('/')}">${shown(words)}</a>`
}

function shown(text: string): string {
  return escapeControls(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
