import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Program, recogniseProgram } from './browser-programs.ts'

const ini = (name: string) => `[App]\nVendor=Mozilla\nName=${name}\nRemotingName=x\n`
const rows: [what: string, found: string[], ini: string, program: Program][] = [
  ['Firefox', ['browser/omni.ja'], ini('Firefox'), { kind: 'firefox', brand: 'Firefox' }],
  ['a fork of Firefox', ['browser/omni.ja'], ini('Quokka'), { kind: 'firefox', brand: 'Quokka' }],
  ['a fork that does not say its name', ['browser/omni.ja'], '', { kind: 'firefox', brand: undefined }],
  ['Thunderbird, which has no browser in it', [], ini('Thunderbird'), { kind: 'none' }],
  ['Chromium', ['resources.pak', 'chrome_crashpad_handler'], '', { kind: 'chromium' }],
  ['Electron', ['resources.pak', 'chrome_crashpad_handler', 'resources/app.asar'], '', { kind: 'none' }],
  ['Electron without a packed program', ['chrome_100_percent.pak', 'resources/app'], '', { kind: 'none' }],
  ['the Chromium Embedded Framework', ['resources.pak', 'libcef.so'], '', { kind: 'none' }],
  ['a terminal', [], '', { kind: 'none' }],
]
for (const [what, found, text, program] of rows)
  test(`${what} is recognised by its files`, () => assert.deepEqual(recogniseProgram(found, text), program))
