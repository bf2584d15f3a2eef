import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { systemClock } from './system-clock.ts'

const never = new AbortController().signal

test('says the time of the wall and a time zone that exists', () => {
  const before = Date.now()
  const now = systemClock.now().epochMilliseconds
  assert.ok(now >= before && now <= Date.now())
  systemClock.now().toZonedDateTimeISO(systemClock.zone())
})

test('its monotonic time is that of the machine: another process goes on from it', () => {
  const before = systemClock.monotonicMs()
  const module = JSON.stringify(new URL('./system-clock.ts', import.meta.url).href)
  const program = `const { systemClock } = await import(${module}); console.log(systemClock.monotonicMs())`
  const elsewhere = Number(
    execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }),
  )
  assert.ok(elsewhere > before && elsewhere < systemClock.monotonicMs(), `${before} ${elsewhere}`)
})

test('sleeps about as long as asked', async () => {
  const before = systemClock.monotonicMs()
  await systemClock.sleep(30, never)
  // Timers may ring up to a millisecond early.
  assert.ok(systemClock.monotonicMs() - before > 28)
})

test('a sleep ends with its signal, before or while sleeping', async () => {
  const ending = new AbortController()
  const sleeping = systemClock.sleep(60_000, ending.signal)
  ending.abort(new Error('enough'))
  for (const sleep of [sleeping, systemClock.sleep(60_000, ending.signal)])
    await assert.rejects(sleep, { message: 'enough' })
})

test('a sleep longer than a timer can count does not end at once', async () => {
  const ending = new AbortController()
  const sleeping = systemClock.sleep(2 ** 40, ending.signal).then(
    () => 'woke',
    () => 'asleep',
  )
  await systemClock.sleep(20, never)
  ending.abort()
  assert.equal(await sleeping, 'asleep')
})
