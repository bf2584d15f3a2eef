import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeLog } from '../../test/fakes.ts'
import { fakeSettings } from '../../test/fakes-storage.ts'
import { settle } from '../../test/manual-clock.ts'
import { createSignal } from '../kernel/signals.ts'
import { tellScreenshots } from './notify-screenshots.ts'

function start(screenshot_notice: 'off' | 'badge' | 'notification', works = true) {
  const taken = createSignal<string | undefined>(undefined)
  const shown: string[] = []
  const log = fakeLog()
  const ending = new AbortController()
  const notice = {
    async show(text: string) {
      shown.push(text)
      return works
    },
    announce: async () => undefined,
  }
  const { current: settings } = fakeSettings({ screenshot_notice })
  tellScreenshots({ taken, settings, notice, log }, ending.signal)
  return { taken, shown, log, ending }
}

test('each screenshot is notified once', async () => {
  const { taken, shown } = start('notification')
  taken.value = '2026-11-22T12:00:00.000Z'
  taken.value = '2026-11-22T12:05:00.000Z'
  await settle()
  assert.deepEqual(shown, ['A screenshot was taken.', 'A screenshot was taken.'])
})

for (const setting of ['off', 'badge'] as const)
  test(`with ${setting} there is no notification`, async () => {
    const { taken, shown } = start(setting)
    taken.value = '2026-11-22T12:00:00.000Z'
    await settle()
    assert.deepEqual(shown, [])
  })

test('a desktop without notifications is logged once', async () => {
  const { taken, log } = start('notification', false)
  for (const minute of [1, 2, 3]) {
    taken.value = `2026-11-22T12:0${minute}:00.000Z`
    await settle()
  }
  assert.deepEqual(
    log.lines.map(({ event }) => event),
    ['notification-not-shown'],
  )
})

test('no notification comes after the end', async () => {
  const { taken, shown, ending } = start('notification')
  ending.abort()
  taken.value = '2026-11-22T12:00:00.000Z'
  await settle()
  assert.deepEqual(shown, [])
})
