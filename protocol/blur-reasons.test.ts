import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as v from 'valibot'
import { type Blurred, blurredSchema, describeBlurred } from './blur-reasons.ts'

const window = 'a private window of a browser was open.'
const rows: [what: string, blurred: Blurred, displays: number, sentences: string[]][] = [
  ['nothing', [], 2, []],
  [
    'the only display',
    [{ display: 1, reason: 'private-window' }],
    1,
    [`The last screenshot is blurred: ${window}`],
  ],
  [
    'one of two',
    [{ display: 2, reason: 'private-window' }],
    2,
    [`Screen 2 of the last screenshot is blurred: ${window}`],
  ],
  [
    'both',
    [
      { display: 1, reason: 'private-window' },
      { display: 2, reason: 'private-window' },
    ],
    2,
    [`All screens of the last screenshot are blurred: ${window}`],
  ],
  [
    'three of four, for two reasons',
    [
      { display: 1, reason: 'private-window' },
      { display: 4, reason: 'excluded-application' },
      { display: 4, reason: 'private-window' },
    ],
    4,
    [
      `Screens 1 and 4 of the last screenshot are blurred: ${window}`,
      'Screen 4 of the last screenshot is blurred: a window of one of your “Apps to blur” was open.',
    ],
  ],
]
for (const [what, blurred, displays, sentences] of rows)
  test(`why ${what} is blurred, in words`, () => {
    const said = describeBlurred(blurred, displays)
    assert.deepEqual(
      said.map(({ sentence }) => sentence),
      sentences,
    )
    assert.ok(said.every(({ next }) => next.endsWith('.')))
  })

test('a list without end is cut, and an unknown reason is none', () => {
  const many = Array.from({ length: 1000 }, (_, index) => ({ display: index + 1, reason: 'private-window' }))
  assert.equal(v.parse(blurredSchema, many).length, 64)
  assert.throws(() => v.parse(blurredSchema, [{ display: 1, reason: 'My secret page' }]))
})
