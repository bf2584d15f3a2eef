import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as v from 'valibot'
import { clientNameSchema, describeAsker, passesForComputer, toClientName } from './client-name.ts'

const bad = [
  '',
  'a\nb',
  'a\u0000',
  'a\u202eb',
  '<b>',
  "a'b",
  'a"b',
  'a\\b',
  '\u0441hromium',
  'x'.repeat(61),
  'x'.repeat(10_000),
]
for (const name of bad)
  test(`${JSON.stringify(name.slice(0, 20))} is no name of a client, and becomes one`, () => {
    assert.equal(v.is(clientNameSchema, name), false)
    assert.equal(v.is(clientNameSchema, toClientName(name)), true)
  })

for (const name of ['chromium', 'Firefox', 'Google Chrome 156.0', 'a_b-c'])
  test(`${name} is a name, and stays as it is`, () => {
    assert.equal(v.is(clientNameSchema, name), true)
    assert.equal(toClientName(name), name)
    assert.equal(passesForComputer(name), false)
  })

for (const name of [
  'command line',
  'Command-Line',
  'command_line 2',
  'activity-tracker',
  'ActivityTracker',
  'Terminal',
  'c0mmand 1ine',
  'You',
  'TERMINAL',
  'Term1nal',
  'commandIine',
  'comrnand l1ne',
  'Act1vity Tracker',
  'ACTlVITY 7RACKER',
  '   ',
  '-.',
])
  test(`a browser that is called ${name} would pass for the computer`, () =>
    assert.equal(passesForComputer(name), true))

test('a browser is called one, under any name of its own', () => {
  assert.equal(describeAsker('command line'), 'the command line')
  assert.equal(describeAsker('System update'), 'the browser System update')
})
