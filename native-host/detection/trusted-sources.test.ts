import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Trust, trustIn, trustsAny } from './trusted-sources.ts'

const program = 'Virtual core XTEST pointer'
type Kind = 'keyboard' | 'pointer' | 'unknown'
const why = (name: string, kind: Kind, trust: Partial<Trust>, pointerKeys = false) =>
  trustIn(
    { name, kind },
    { from: 0, first: 0, to: 1, devices: [], pointerKeys },
    {
      ...{ names: '', programs: false },
      ...trust,
    },
  )

const rows: [what: string, why: string | undefined, expected: string | undefined][] = [
  ['a device that nobody named', why('a mouse', 'pointer', {}), undefined],
  ['a pointer that was named', why('A  Mouse ', 'pointer', { names: 'x, a mouse' }), 'named pointer'],
  ['a keyboard that was named', why('a', 'keyboard', { names: 'a' }), 'named keyboard'],
  ['what was named, whatever it is', why('a', 'unknown', { names: 'a' }), 'named device'],
  ['a part of a name', why('a mouse', 'pointer', { names: 'mouse' }), undefined],
  ['a device without a name', why('', 'pointer', { names: ',' }), undefined],
  ['a device where programs are trusted', why('a mouse', 'pointer', { programs: true }), undefined],
  ['a program where programs are trusted', why(program, 'pointer', { programs: true }), 'programs'],
  [
    'a program that moves the pointer for the system',
    why(program, 'pointer', {}, true),
    'pointer moved by the system',
  ],
  ['a program that types meanwhile', why('Virtual core XTEST keyboard', 'keyboard', {}, true), undefined],
  ['a program', why(program, 'pointer', {}), undefined],
]
describe('is trusted', () => {
  for (const [what, found, expected] of rows)
    test(`${what}: ${expected ?? 'no'}`, () => assert.equal(found, expected))
})

test('there is something to trust where a name or programs are', () => {
  assert.deepEqual(
    [
      { names: '', programs: false },
      { names: ' , ', programs: false },
      { names: 'a', programs: false },
      { names: '', programs: true },
    ].map(trustsAny),
    [false, false, true, true],
  )
})
