import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judgeWindow, parseApplications, type WindowNames } from './window-rules.ts'

test('applications are written as people write lists', () => {
  assert.deepEqual(parseApplications(' KeePassXC, online banking,, '), ['keepassxc', 'online banking'])
  assert.deepEqual(parseApplications(''), [])
})

const window = (names: Partial<WindowNames>): WindowNames => ({
  classes: [],
  title: '',
  otherNames: [],
  role: '',
  ...names,
})
const firefox = (title: string) => window({ classes: ['Navigator', 'firefox-esr'], title, role: 'browser' })

const excluded: [what: string, names: Partial<WindowNames>, applications: string[], hidden: boolean][] = [
  ['its class', { classes: ['keepassxc', 'KeePassXC'] }, ['keepassxc'], true],
  ['a part of its class', { classes: ['org.keepassxc.KeePassXC'] }, ['keepassxc'], true],
  ['a part of its title', { title: 'My Bank — accounts' }, ['my bank'], true],
  ['one of several names', { title: 'Signal' }, ['keepassxc', 'signal'], true],
  ['none of them', { classes: ['xterm', 'XTerm'], title: 'top' }, ['signal'], false],
  ['another reading of its title', { title: 'Se\u00c3\u00b1al', otherNames: ['Señal'] }, ['señal'], true],
  ['full-width letters in its title', { title: 'Ｓｉｇｎａｌ' }, ['signal'], true],
  ['a combining mark in its title', { title: 'Tre\u0301sor' }, ['trésor'], true],
  ['a Turkish capital in its title', { title: 'İŞ BANKASI' }, ['iş bankası'], true],
  ['nothing at all', {}, ['signal'], false],
]
for (const [what, names, applications, hidden] of excluded)
  test(`a window that has ${what} is ${hidden ? 'hidden' : 'shown'}`, () => {
    const avoid = { applications: parseApplications(applications.join()), privateWindows: false }
    const { kind } = judgeWindow(window(names), avoid)
    assert.equal(kind, hidden ? 'hidden' : 'plain')
  })

// As Firefox ESR 153 sets them; those of other languages are from its translations.
const titles: [title: string, kind: 'hidden' | 'plain'][] = [
  ['Mozilla Firefox', 'plain'],
  ['An ordinary page — Mozilla Firefox', 'plain'],
  ['Mozilla Firefox Private Browsing', 'hidden'],
  ['A secret page — Mozilla Firefox Private Browsing', 'hidden'],
  ['Eine Seite – Mozilla Firefox (Privater Modus)', 'hidden'],
  ['Une page — Navigation privée de Mozilla Firefox', 'hidden'],
  ['A page that calls itself — Mozilla Firefox — Mozilla Firefox Private Browsing', 'hidden'],
]
for (const [title, kind] of titles)
  test(`a window of Firefox with the title "${title}" is ${kind}`, () => {
    assert.equal(judgeWindow(firefox(title), { applications: [], privateWindows: true }).kind, kind)
  })

const chromium: [what: string, names: Partial<WindowNames>, kind: string][] = [
  ['a browser window', { classes: ['chromium', 'Chromium'], role: 'browser' }, 'unclear'],
  [
    'a browser window of another profile',
    { classes: ['chromium (/a)', 'Chromium'], role: 'browser' },
    'unclear',
  ],
  ['an Electron program', { classes: ['code', 'Code'], role: 'browser-window' }, 'plain'],
  ['a menu', { classes: ['chromium', 'Chromium'] }, 'plain'],
]
for (const [what, names, kind] of chromium)
  test(`${what} of the Chromium family is ${kind}`, () => {
    const verdict = judgeWindow(window(names), { applications: [], privateWindows: true })
    assert.equal(verdict.kind, kind)
  })

test('private windows are not looked for where nobody wants that', () => {
  const avoid = { applications: [], privateWindows: false }
  assert.equal(judgeWindow(firefox('Mozilla Firefox Private Browsing'), avoid).kind, 'plain')
})
