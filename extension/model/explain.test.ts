import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ErrorCode, errorRows } from '../../protocol/errors.ts'
import { explain } from './explain.ts'

const rows: [code: ErrorCode, next: string, command: string | undefined][] = [
  ['HOST_MISSING', 'Run this once in a terminal, then press Check again:', 'activity-tracker install'],
  ['NOT_SAVING', 'Restart the tracker:', 'activity-tracker stop && activity-tracker start'],
  ['CAPTURE_TOOL_MISSING', 'On Debian and Ubuntu:', 'sudo apt install grim imagemagick x11-xserver-utils'],
  [
    'OUTBOX_FULL',
    'See why it waits: activity-tracker status. Or allow more:',
    'activity-tracker settings set outbox_limit GIGABYTES',
  ],
  ['DISK_FULL', 'Free some space. Recording then resumes by itself.', undefined],
  [
    'INPUT_NOT_PERMITTED',
    'On macOS: System Settings → Privacy & Security → Accessibility and Input Monitoring → allow the tracker.',
    undefined,
  ],
]
for (const [code, next, command] of rows)
  test(`${code}: ${command ? `the command is ${command}` : 'there is no command to copy'}`, () => {
    const explanation = explain({ code })
    assert.equal(explanation.next, next)
    assert.equal(explanation.command, command)
  })

test('no word of any next step is lost', () => {
  for (const code of Object.keys(errorRows) as ErrorCode[]) {
    const { next, command } = explain({ code })
    assert.equal(command ? `${next} ${command}` : next, errorRows[code].next)
  }
})
