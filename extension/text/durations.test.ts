import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeAge, describeSeconds, describeTotal, describeWait } from './durations.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute

const tables: [
  name: string,
  describe: (amount: number) => string,
  rows: [amount: number, words: string][],
][] = [
  [
    'seconds of a setting',
    describeSeconds,
    [
      [0, '0 s'],
      [5, '5 s'],
      [60, '1 min'],
      [90, '1 min 30 s'],
      [300, '5 min'],
      [3600, '1 h'],
      [3601, '1 h'],
      [18_720, '5 h 12 min'],
    ],
  ],
  [
    'a total of the day',
    describeTotal,
    [
      [0, '0 s'],
      [59, '59 s'],
      [61, '1 min'],
      [3599, '59 min'],
      [18_779, '5 h 12 min'],
    ],
  ],
  [
    'an age',
    describeAge,
    [
      [-5 * minute, 'just now'],
      [999, 'just now'],
      [4 * second, '4 s ago'],
      [59_999, '59 s ago'],
      [minute, '1 min ago'],
      [119 * minute, '1 h ago'],
      [47 * hour, '47 h ago'],
      [48 * hour, '2 days ago'],
    ],
  ],
  [
    'a wait',
    describeWait,
    [
      [-second, 'now'],
      [0, 'now'],
      [1, 'in 1 s'],
      [59_001, 'in 1 min'],
      [61 * second, 'in 1 min'],
      [61 * second + 1, 'in 2 min'],
      [5 * minute + 400, 'in 5 min'],
      [hour, 'in 1 h'],
    ],
  ],
]

for (const [name, describe, rows] of tables)
  for (const [amount, words] of rows)
    test(`${name}: ${amount} is “${words}”`, () => {
      assert.equal(describe(amount), words)
    })
