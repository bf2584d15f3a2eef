import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertAppError } from './assert-app-error.ts'
import { AppError } from './errors.ts'

test('an error of ours passes', () => assert.doesNotThrow(() => assertAppError(new AppError('DISK_FULL'))))

for (const thrown of [new TypeError('a bug'), 'a word', undefined])
  test(`${thrown} is thrown again as it is`, () =>
    assert.throws(
      () => assertAppError(thrown),
      (error: unknown) => error === thrown,
    ))
