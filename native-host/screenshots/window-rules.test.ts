import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Program } from './browser-programs.ts'
import { isExcluded, judgeBrowser, parseApplications, type WindowNames } from './window-rules.ts'

test('applications are written as people write lists', () => {
  assert.deepEqual(parseApplications(' KeePassXC, online banking,, '), ['keepassxc', 'online banking'])
  assert.deepEqual(parseApplications(''), [])
  assert.deepEqual(parseApplications('mail, "Doe, John"'), ['mail', 'doe, john'])
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
    assert.equal(isExcluded(window(names), parseApplications(applications.join())), hidden)
  })

const none: Program = { kind: 'none' }
const unknown: Program = { kind: 'unknown' }
const firefoxProgram = (brand: string | undefined): Program => ({ kind: 'firefox', brand })
const chromiumProgram: Program = { kind: 'chromium' }

// As Firefox ESR 153 sets them; those of other languages are from its translations.
const titles: [title: string, said: 'private' | 'ordinary' | 'nothing'][] = [
  ['Mozilla Firefox', 'ordinary'],
  ['An ordinary page — Mozilla Firefox', 'ordinary'],
  ['Dashes — in it - and – more — Mozilla Firefox', 'ordinary'],
  ['Mozilla Firefox Private Browsing', 'private'],
  ['A secret page — Mozilla Firefox Private Browsing', 'private'],
  ['Eine Seite – Mozilla Firefox (Privater Modus)', 'private'],
  ['Une page — Navigation privée de Mozilla Firefox', 'private'],
  ['A page that calls itself — Mozilla Firefox — Mozilla Firefox Private Browsing', 'private'],
  ['A page — Tor Browser', 'private'],
  ['A page — Mullvad Browser', 'private'],
  ['A page — Quokka', 'nothing'],
  [`${'a'.repeat(4095 - ' — Mozilla Firefox'.length)} — Mozilla Firefox`, 'nothing'],
  ['', 'nothing'],
]
for (const [title, said] of titles)
  test(`a window of Firefox with the title "${title.slice(0, 100)}" says ${said}`, () => {
    assert.deepEqual(judgeBrowser(firefox(title), unknown), { part: 'window', said })
  })

test('a fork of Firefox is recognised by its files, and its titles by the name in them', () => {
  const fork = (title: string) => window({ classes: ['Navigator', 'quokka'], title, role: 'browser' })
  const said = (title: string, brand?: string) => {
    const part = judgeBrowser(fork(title), firefoxProgram(brand))
    return part?.part === 'window' && part.said
  }
  assert.equal(said('A page — Quokka', 'Quokka'), 'ordinary')
  assert.equal(said('A page — Quokka Browser', 'Quokka'), 'ordinary')
  assert.equal(said('A page — Quokka Private Browsing', 'Quokka'), 'private')
  assert.equal(said('A page — Quokka Private Browsing'), 'nothing')
})

const rows: [what: string, names: Partial<WindowNames>, program: Program, part: string | undefined][] = [
  ['a window of Chromium', { classes: ['chromium', 'Chromium'], role: 'browser' }, chromiumProgram, 'window'],
  ['one of another profile', { classes: ['chromium (/a)', 'Chromium'], role: 'browser' }, unknown, 'window'],
  ['a popup of a site', { classes: ['crx_abc', 'Google-chrome'], role: 'pop-up' }, unknown, 'window'],
  ['a menu of Chromium', { classes: ['chromium', 'Chromium'] }, chromiumProgram, 'attached'],
  ['a fork of Chromium', { classes: ['quokka', 'Quokka'], role: 'browser' }, chromiumProgram, 'window'],
  ['a browser of which nothing can be seen', { classes: ['quokka'], role: 'browser' }, unknown, 'window'],
  ['an Electron program', { classes: ['code', 'Code'], role: 'browser-window' }, none, undefined],
  [
    'an Electron program that cannot be inspected',
    { classes: ['code', 'Code'], role: 'browser-window' },
    unknown,
    undefined,
  ],
  [
    'a program that embeds Chromium and copies its role',
    { classes: ['spotify', 'Spotify'], role: 'browser' },
    none,
    undefined,
  ],
  [
    'a dialog of Firefox',
    { classes: ['Dialog', 'firefox-esr'], role: 'About' },
    firefoxProgram('Firefox'),
    'attached',
  ],
  ['a terminal', { classes: ['xterm', 'XTerm'], title: 'top' }, none, undefined],
  ['zenity, which is no Zen', { classes: ['zenity', 'Zenity'] }, none, undefined],
  ['a terminal that cannot be inspected', { classes: ['xterm', 'XTerm'], title: 'top' }, unknown, undefined],
  ['Thunderbird', { classes: ['Mail', 'thunderbird'], title: 'Inbox' }, none, undefined],
]
for (const [what, names, program, part] of rows)
  test(`${what} is ${part ?? 'no window'} of a browser`, () => {
    assert.equal(judgeBrowser(window(names), program)?.part, part)
  })

test('every window of a Firefox without history is private, with any title', () => {
  const program: Program = { kind: 'firefox', brand: 'Firefox', alwaysPrivate: true }
  assert.deepEqual(judgeBrowser(firefox('A page — Mozilla Firefox'), program), {
    part: 'window',
    said: 'private',
  })
})
