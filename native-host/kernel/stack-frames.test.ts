import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stackFrames } from './stack-frames.ts'

test('gives the place of an error, and nothing of its message', () => {
  const { stack = '' } = stackFrames(new TypeError('canary\nis "canary"'))
  assert.match(stack, /^\s+at .*stack-frames\.test\.ts/)
  assert.doesNotMatch(stack, /canary|TypeError/)
})

test('a message that looks like a frame is still no frame', () => {
  assert.doesNotMatch(stackFrames(new Error('canary\n    at canary (canary.ts:1:1)')).stack ?? '', /canary/)
})

test('a thrown value that is no error has no place', () => {
  assert.deepEqual(stackFrames('canary'), {})
  assert.deepEqual(stackFrames(undefined), {})
})
