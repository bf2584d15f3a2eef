import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeFlagged } from './flagged-words.ts'
import { createTimeWords, timeStyleOf } from './instants.ts'

const nowMs = Date.parse('2026-11-19T14:00:00Z')
const rows: [locale: string, from: string, to: string, verdict: 'suspect' | 'scripted', said: string][] = [
  ['en-US', '2026-11-19T13:00:00Z', '2026-11-19T13:00:43Z', 'scripted', '43 s at 1:00 PM look scripted.'],
  ['en-US', '2026-11-19T13:00:40Z', '2026-11-19T13:01:20Z', 'suspect', '40 s at 1:00 PM look unusual.'],
  ['en-US', '2026-11-19T10:30:10Z', '2026-11-19T10:34:05Z', 'scripted', '10:30 – 10:34 AM looks scripted.'],
  ['en-GB', '2026-11-19T10:30:10Z', '2026-11-19T10:34:05Z', 'suspect', '10:30–10:34 looks unusual.'],
  ['en-GB', '2026-11-19T13:00:00Z', '2026-11-19T13:00:00.300Z', 'scripted', '1 s at 13:00 look scripted.'],
  ['en-GB', '2026-11-18T10:30:00Z', '2026-11-18T10:34:00Z', 'suspect', '18 Nov, 10:30–10:34 looks unusual.'],
]
for (const [locale, from, to, verdict, said] of rows)
  test(`${locale}: ${said}`, () => {
    const words = createTimeWords(timeStyleOf(locale, 'UTC'))
    const shown = describeFlagged({ from, to, genuineness: { verdict } }, nowMs, words)
    // Intl puts narrow spaces around a dash and before AM.
    assert.equal(shown.replace(/\s/g, ' '), said)
  })
