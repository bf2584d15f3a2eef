import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressesOf, xDisplayProblem } from './x-display.ts'

const rows: [display: string, addresses: unknown[]][] = [
  [':0', [{ path: '/tmp/.X11-unix/X0' }, { path: '\0/tmp/.X11-unix/X0' }]],
  [':12.1', [{ path: '/tmp/.X11-unix/X12' }, { path: '\0/tmp/.X11-unix/X12' }]],
  ['unix:3', [{ path: '/tmp/.X11-unix/X3' }, { path: '\0/tmp/.X11-unix/X3' }]],
  ['localhost:10.0', [{ host: 'localhost', port: 6010 }]],
  ['::1:2', [{ host: '::1', port: 6002 }]],
  ['far:99999', []],
  ['nonsense', []],
  [':', []],
]
for (const [display, addresses] of rows) {
  test(`DISPLAY ${display}`, { skip: process.platform !== 'linux' }, () => {
    assert.deepEqual(addressesOf(display), addresses)
  })
}

const absent: NodeJS.ProcessEnv[] = [
  {},
  { DISPLAY: '' },
  { DISPLAY: ':54321' },
  { DISPLAY: 'localhost:54000' },
]
for (const env of absent) {
  test(`there is none with ${JSON.stringify(env)}`, async () => {
    assert.equal((await xDisplayProblem(env))?.code, 'INPUT_NO_DISPLAY')
  })
}
