import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stringsIn, unwantedIn } from '../test/support/plain-words.ts'
import { blurReasons } from './blur-reasons.ts'
import { testSteps } from './connection-check.ts'
import { consentSections, consentText } from './consent.ts'
import { errorRows } from './errors.ts'
import { gapCauses } from './gap-words.ts'
import { presenceSources } from './presence.ts'
import { settingNames, settingRows, settingSections } from './settings.ts'
import { waitReasons } from './status.ts'

const settings = settingNames.map((name): unknown => {
  const row = settingRows[name]
  return {
    label: row.label,
    help: row.help,
    choices: 'choices' in row ? row.choices : {},
    hint: 'hint' in row ? row.hint : '',
    when: row.weakens.when,
  }
})
const tables: [name: string, table: unknown][] = [
  ['settings', settings],
  ['sections of the settings', settingSections],
  ['errors', errorRows],
  ['the consent', [consentText, consentSections]],
  ['causes of gaps', gapCauses],
  ['reasons for a blur', blurReasons],
  ['steps of the connection test', testSteps],
  ['sources of presence', presenceSources],
  ['reasons to wait', waitReasons],
]
for (const [name, table] of tables)
  test(`the texts of ${name} use one word for one thing, and plain English`, () => {
    const texts = stringsIn(table)
    assert.ok(texts.length > 0)
    assert.deepEqual(texts.flatMap(unwantedIn), [])
  })

const rejected = [
  'It is delivered at once.',
  'Every display is blurred.',
  'This screenshot is held back.',
  'One sealed object',
  'Ask whoever runs it.',
  'Empty: AWS.',
  'Look at `activity-tracker status`.',
]
for (const text of rejected) test(`“${text}” would be found`, () => assert.notDeepEqual(unwantedIn(text), []))

test('a name in capitals is no word', () => {
  assert.deepEqual(unwantedIn('Log in to a graphical session, or set DISPLAY.'), [])
})
