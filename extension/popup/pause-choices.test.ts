import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ClientMessage, parseClientMessage } from '../../protocol/messages.ts'
import { type PauseChoice, pauseChoices } from './pause-choices.ts'

const rows: [id: PauseChoice['id'], now: string, until: string | null][] = [
  ['15m', '2026-11-19T14:00:00+01:00[Europe/Berlin]', '2026-11-19T13:15:00Z'],
  ['1h', '2026-11-19T23:30:00+01:00[Europe/Berlin]', '2026-11-19T23:30:00Z'],
  ['tomorrow', '2026-11-19T14:00:00+01:00[Europe/Berlin]', '2026-11-19T23:00:00Z'],
  ['open', '2026-11-19T14:00:00+01:00[Europe/Berlin]', null],
  // Over the night in which the clocks go back, an hour stays an hour and midnight stays midnight.
  ['1h', '2026-10-25T02:30:00+02:00[Europe/Berlin]', '2026-10-25T01:30:00Z'],
  ['tomorrow', '2026-10-25T00:30:00+02:00[Europe/Berlin]', '2026-10-25T23:00:00Z'],
]

for (const [id, now, until] of rows)
  test(`pausing ${id} at ${now} ends ${until ?? 'never by itself'}`, () => {
    const choice = pauseChoices.find(choice => choice.id === id)
    assert.equal(choice?.until(Temporal.ZonedDateTime.from(now)), until)
  })

test('the agent understands every choice', () => {
  for (const { until } of pauseChoices) {
    const message: ClientMessage = { type: 'pause', id: 'a', until: until(Temporal.Now.zonedDateTimeISO()) }
    assert.deepEqual(parseClientMessage(message), message)
  }
})
