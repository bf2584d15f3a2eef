import assert from 'node:assert/strict'
import { test } from 'node:test'
import { consentVersion } from '../../protocol/consent.ts'
import { welcomeOnce } from './welcome-once.ts'

const rows: [when: string, shown: unknown, opens: number][] = [
  ['just installed', undefined, 1],
  ['updated, with the same text', consentVersion, 0],
  ['updated, with a new text', consentVersion - 1, 1],
  ['what was stored is no version', 'nonsense', 1],
]
for (const [when, shown, opens] of rows)
  test(`the welcome page is opened ${opens} times: ${when}`, async () => {
    let stored = shown
    let opened = 0
    const world = {
      recall: async () => stored,
      remember: async (version: number) => {
        stored = version
      },
      open: async () => opened++,
    }
    await welcomeOnce(world)
    assert.equal(opened, opens)
    await welcomeOnce(world)
    assert.equal(opened, opens, 'and not again')
  })
