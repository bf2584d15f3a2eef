import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { closeSync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { formatName } from '../../native-host/adapters/store/outbox-name.ts'
import { consentVersion } from '../../protocol/consent.ts'
import { pressKeys } from '../support/hardware-input.ts'
import { startAgent, startScenario, untilCounting, untilStatus } from '../support/scenario.ts'

test('as much waits as is allowed: nothing is counted or captured, it is said, and more room lets it go on', async () => {
  await using stage = await startScenario()
  // What waits is a sign of an earlier life: without confirmed keys nothing would be recorded.
  assert.equal((await stage.cli('keys', 'new')).exit, 0)
  const { stderr } = await stage.cli('keys', 'confirm')
  const code = /activity-tracker keys confirm (\S+)/.exec(stderr)?.[1] ?? ''
  assert.equal((await stage.cli('keys', 'confirm', code)).exit, 0)
  queueLargeItem(stage.home.places.outbox)
  for (const [name, value] of [
    ['outbox_limit', '1'],
    ['bucket_name', 'records'],
    // No program listens there.
    ['endpoint', 'http://127.0.0.1:1'],
  ] as const)
    assert.equal((await stage.cli('settings', 'set', name, value)).exit, 0)

  await startAgent(stage)
  using tap = await stage.tap()
  await tap.ask({ type: 'acknowledge', text_version: consentVersion })
  const { state, queue } = await untilStatus(
    tap,
    'the limit to be said',
    status => status.state.kind === 'blocked',
  )
  assert.deepEqual(state.kind === 'blocked' && state.problem, { code: 'OUTBOX_FULL', detail: '1 GB' })
  assert.equal(queue.items, 1)
  assert.deepEqual(await stage.processes('input-hook'), [])
  assert.match((await stage.cli('status')).stdout, /OUTBOX_FULL.*\n {2}→ .*outbox_limit/)
  assert.notEqual((await stage.cli('screenshot')).exit, 0)

  assert.equal((await stage.cli('settings', 'set', 'outbox_limit', '2')).exit, 0)
  await untilCounting(tap)
  await pressKeys(stage.input, 10)
  await untilStatus(tap, '10 keys', status => status.state.kind === 'tracking' && status.today.keys === 10)

  assert.equal((await stage.cli('settings', 'set', 'outbox_limit', '1')).exit, 0)
  const again = await untilStatus(tap, 'it to stop again', status => status.state.kind === 'blocked')
  assert.equal(again.today.keys, 10, 'what was counted is kept')
  assert.ok(again.queue.items >= 1, 'and what waited goes on waiting')
})

/** A gigabyte of nothing behind the beginning of an age file, which takes no room on the disk and has the right sum. */
function queueLargeItem(outbox: string): void {
  const bytes = 1_000_000_000
  const beginning = Buffer.from('age-encryption.org/v1\n')
  const sum = createHash('sha256').update(beginning)
  const zeros = Buffer.alloc(10_000_000)
  for (let at = beginning.length; at < bytes; at += zeros.length) sum.update(zeros.subarray(0, bytes - at))
  mkdirSync(outbox, { recursive: true, mode: 0o700 })
  const name = {
    seq: 1,
    date: '2026-11-22',
    sha256: sum.digest('hex'),
    content: { kind: 'screenshot' } as const,
  }
  const file = openSync(join(outbox, formatName(name)), 'w', 0o600)
  writeSync(file, beginning)
  ftruncateSync(file, bytes)
  closeSync(file)
}
