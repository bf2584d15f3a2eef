import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { closeSync, copyFileSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { programOf } from './window-program.ts'

const root = mkdtempSync(join(tmpdir(), 'at-'))
const linux = { skip: process.platform !== 'linux' && 'reads /proc' }
after(() => rmSync(root, { recursive: true }))

/** A process whose program lies where Firefox lies, with its profile locked, as Firefox has it. */
async function judged(name: string, files: Record<string, string>) {
  const program = join(root, name)
  const profile = join(program, 'profile')
  for (const folder of ['browser', 'profile', 'distribution'])
    mkdirSync(join(program, folder), { recursive: true })
  for (const [file, text] of Object.entries({ 'browser/omni.ja': '', ...files }))
    writeFileSync(join(program, file), text)
  copyFileSync('/bin/sleep', join(program, 'firefox'))
  const lock = openSync(join(profile, '.parentlock'), 'w')
  const child = spawn(join(program, 'firefox'), ['60'], { stdio: ['ignore', 'ignore', 'ignore', lock] })
  closeSync(lock)
  try {
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject))
    return await programOf(child.pid)
  } finally {
    child.kill('SIGKILL')
  }
}

const preference = (value: boolean) => `user_pref("browser.privatebrowsing.autostart", ${value});\n`
const rows: [what: string, files: Record<string, string>, alwaysPrivate: boolean][] = [
  ['its profile says nothing of it', { 'profile/prefs.js': 'user_pref("a", true);\n' }, false],
  ['its profile says so', { 'profile/prefs.js': `// x\n${preference(true)}` }, true],
  ['its profile says the contrary', { 'profile/prefs.js': preference(false) }, false],
  ['user.js says so', { 'profile/prefs.js': preference(false), 'profile/user.js': preference(true) }, true],
  ['only a comment says so', { 'profile/prefs.js': `// ${preference(true)}` }, false],
  [
    'a policy says so',
    { 'distribution/policies.json': '{"policies":{"PrivateBrowsingModeAvailability": 2}}' },
    true,
  ],
  [
    'a policy forbids it',
    { 'distribution/policies.json': '{"policies":{"PrivateBrowsingModeAvailability": 1}}' },
    false,
  ],
]
rows.forEach(([what, files, alwaysPrivate], row) => {
  test(`a Firefox is ${alwaysPrivate ? '' : 'not '}always private when ${what}`, linux, async () => {
    const program = await judged(`${row}`, files)
    assert.deepEqual(program, { kind: 'firefox', brand: undefined, alwaysPrivate })
  })
})
