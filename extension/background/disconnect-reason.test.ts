import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ErrorCode } from '../../protocol/errors.ts'
import { type LinkPhase, problemOfDisconnect } from './disconnect-reason.ts'

const rows: [browser: string, message: string | undefined, phase: LinkPhase, code: ErrorCode][] = [
  ['Chromium', 'Specified native messaging host not found.', 'before-welcome', 'HOST_MISSING'],
  [
    'Chromium',
    'Access to the specified native messaging host is forbidden.',
    'before-welcome',
    'HOST_MISSING',
  ],
  ['Chromium', 'Native host has exited.', 'before-welcome', 'AGENT_START_FAILED'],
  ['Chromium', 'Native host has exited.', 'after-welcome', 'AGENT_UNREACHABLE'],
  [
    'Chromium',
    'Error when communicating with the native messaging host.',
    'after-welcome',
    'FRAME_MALFORMED',
  ],
  ['Firefox', 'No such native application org.activity_tracker.host', 'before-welcome', 'HOST_MISSING'],
  ['Firefox', 'An unexpected error occurred', 'before-welcome', 'HOST_MISSING'],
  ['Firefox', 'An unexpected error occurred', 'after-welcome', 'FRAME_MALFORMED'],
  [
    'Firefox',
    'Message of 2000000 bytes exceeds the limit of 1048576 bytes.',
    'after-welcome',
    'FRAME_TOO_LARGE',
  ],
  ['Firefox', undefined, 'before-welcome', 'AGENT_START_FAILED'],
  ['Firefox', undefined, 'after-welcome', 'AGENT_UNREACHABLE'],
  ['any', 'Words of a browser to come', 'before-welcome', 'AGENT_START_FAILED'],
]

for (const [browser, message, phase, code] of rows)
  test(`${browser} says ${message ?? 'nothing'} ${phase}: ${code}`, () => {
    assert.equal(problemOfDisconnect(message, phase).code, code)
  })
