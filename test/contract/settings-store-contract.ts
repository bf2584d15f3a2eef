import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SettingsStore } from '../../native-host/config/ports.ts'
import { watch } from '../../native-host/kernel/signals.ts'
import { AppError } from '../../protocol/errors.ts'
import { defaultSettings, type Settings } from '../../protocol/settings.ts'

export type SettingsWorld = {
  /** Opens the settings again, as after a restart. */
  open(): Promise<SettingsStore>
  /** From now on nothing can be stored. */
  breakDisk(): void
  repairDisk(): void
  [Symbol.dispose](): void
}

/** What every settings store does. */
export function settingsStoreContract(name: string, make: () => SettingsWorld): void {
  describe(`settings store: ${name}`, () => {
    test('starts with the defaults and nothing to complain about', async () => {
      using world = make()
      const store = await world.open()
      assert.deepEqual(store.current.value, defaultSettings)
      assert.deepEqual(store.problems, [])
    })

    test('a change is in force and survives, and going back to the default does too', async () => {
      using world = make()
      const store = await world.open()
      await store.change('screenshot_interval', 60)
      await store.change('scripted_input', 'discard')
      assert.deepEqual(store.current.value, {
        ...defaultSettings,
        screenshot_interval: 60,
        scripted_input: 'discard',
      })
      assert.deepEqual((await world.open()).current.value, store.current.value)
      await store.change('screenshot_interval', defaultSettings.screenshot_interval)
      assert.equal(
        (await world.open()).current.value.screenshot_interval,
        defaultSettings.screenshot_interval,
      )
      assert.deepEqual((await world.open()).problems, [])
    })

    test('a name that only another store than AWS allows needs its endpoint, when either of them changes', async () => {
      using world = make()
      const store = await world.open()
      await assert.rejects(store.change('bucket_name', 'tenant:My_Bucket'), { code: 'SETTING_INVALID' })
      await store.change('endpoint', 'https://s3.example.org')
      await store.change('bucket_name', 'tenant:My_Bucket')
      await store.change('region', 'RegionOne')
      await assert.rejects(store.change('endpoint', ''), { code: 'SETTING_INVALID' })
      await store.change('bucket_name', 'records')
      await assert.rejects(store.change('endpoint', ''), { code: 'SETTING_INVALID' })
      await store.change('region', 'eu-central-1')
      await store.change('endpoint', '')
      assert.equal((await world.open()).current.value.bucket_name, 'records')
    })

    test('watchers hear of a change once, when it is durable, and not of the same value again', async () => {
      using world = make()
      const store = await world.open()
      const seen: Settings[] = []
      watch(store.current, settings => seen.push(settings), new AbortController().signal)
      const changing = store.change('blur_screenshots', false)
      assert.equal(seen.length, 0)
      await changing
      await store.change('blur_screenshots', false)
      assert.deepEqual(seen, [{ ...defaultSettings, blur_screenshots: false }])
    })

    test('changes at the same time: none is lost', async () => {
      using world = make()
      const store = await world.open()
      await Promise.all([
        store.change('screenshots', false),
        store.change('idle_after', 60),
        store.change('idle_after', 90),
        store.change('folder', '/mnt/records'),
      ])
      const expected = { ...defaultSettings, screenshots: false, idle_after: 90, folder: '/mnt/records' }
      assert.deepEqual(store.current.value, expected)
      assert.deepEqual((await world.open()).current.value, expected)
    })

    test('a value out of its limits is refused, and the next change works', async () => {
      using world = make()
      const store = await world.open()
      const [refused] = await Promise.allSettled([
        store.change('screenshot_interval', 1),
        store.change('idle_after', 60),
      ])
      assert.ok(refused.status === 'rejected' && refused.reason instanceof AppError)
      assert.equal(refused.reason.code, 'SETTING_INVALID')
      assert.deepEqual(store.current.value, { ...defaultSettings, idle_after: 60 })
    })

    test('what cannot be stored is not in force', async () => {
      using world = make()
      const store = await world.open()
      await store.change('idle_after', 60)
      world.breakDisk()
      await assert.rejects(
        store.change('idle_after', 90),
        (error: unknown) =>
          error instanceof AppError && (error.code === 'STORE_NOT_WRITABLE' || error.code === 'DISK_FULL'),
      )
      assert.equal(store.current.value.idle_after, 60)
      world.repairDisk()
      assert.equal((await world.open()).current.value.idle_after, 60)
      await store.change('idle_after', 90)
      assert.equal((await world.open()).current.value.idle_after, 90)
    })
  })
}
