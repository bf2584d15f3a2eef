import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TimeChange } from '../../protocol/status.ts'
import { createTimeWords } from './instants.ts'
import { timeChangeWords, zoneName } from './zone-words.ts'

const words = createTimeWords({ locale: 'en-GB', hourCycle: 'h23', zone: 'UTC' })
const nowMs = Date.parse('2026-11-22T15:00:00Z')
const at = '2026-11-22T14:02:00.000Z'

const rows: [change: TimeChange, text: string][] = [
  [
    { kind: 'zone', at, from: 'America/New_York', to: 'Europe/Berlin' },
    'changed from America/New York at 14:02',
  ],
  [{ kind: 'clock', at, by_ms: -3_600_000 }, 'the clock was set back by 1 h at 14:02'],
  [{ kind: 'clock', at, by_ms: 90_000 }, 'the clock was set forward by 1 min 30 s at 14:02'],
]
for (const [change, text] of rows)
  test(text, () => {
    assert.equal(timeChangeWords(change, nowMs, words), text)
  })

test('the name of a zone is shown without its underscores', () => {
  assert.equal(zoneName('America/Argentina/Buenos_Aires'), 'America/Argentina/Buenos Aires')
})
