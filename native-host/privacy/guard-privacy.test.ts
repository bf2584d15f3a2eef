import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Confirmation } from '../../protocol/confirmation.ts'
import { consentVersion } from '../../protocol/consent.ts'
import type { Entry } from '../../protocol/records.ts'
import type { SettingName, Settings, SettingValue } from '../../protocol/settings.ts'
import { fakeLog } from '../../test/fakes.ts'
import { fakeMemory, fakeSettings } from '../../test/fakes-storage.ts'
import { manualClock, settle } from '../../test/manual-clock.ts'
import { watch } from '../kernel/signals.ts'
import { createPrivacyGuard } from './guard-privacy.ts'
import type { Weakening } from './weakening.ts'

const browser = { name: 'chromium', viaBrowser: true }
const terminal = { name: 'command line', viaBrowser: false }

function start({ desktop = true, given = {} as Partial<Settings> } = {}) {
  const clock = manualClock()
  const settings = fakeSettings(given)
  const entries: Entry[] = []
  const announced: { text: string; replaces: string | undefined }[] = []
  const asked: { weakenings: readonly Weakening[]; by: string; allow(): Promise<void> }[] = []
  let agreed = false
  let shows = desktop
  const ending = new AbortController()
  const guard = createPrivacyGuard(
    {
      clock,
      settings,
      memory: fakeMemory(),
      log: fakeLog(),
      note: entry => void entries.push(entry),
      notice: {
        show: async () => shows,
        async announce(text, replaces) {
          if (!shows) return undefined
          announced.push({ text, replaces })
          return '7'
        },
      },
      consent: {
        isGiven: () => agreed,
        give: () => {
          agreed = true
        },
        withdraw: () => {
          agreed = false
        },
      },
      propose(weakenings, by, allow): Confirmation {
        asked.push({ weakenings, by, allow })
        return { code: '7K4Q', kind: 'weakening', by, until: '', question: '', changes: [] }
      },
    },
    ending.signal,
  )
  return {
    clock,
    guard,
    entries,
    announced,
    asked,
    agreed: () => agreed,
    values: () => settings.current.value,
    watch: (onChange: (values: Settings) => void) => watch(settings.current, onChange, ending.signal),
    loseDesktop: () => {
      shows = false
    },
    /** Resolves with the code that it failed with. */
    async set(name: SettingName, value: SettingValue, asker = browser): Promise<string | undefined> {
      const done = guard.changeSetting(name, value as never, asker).then(
        () => undefined,
        (error: { code?: string }) => error.code ?? String(error),
      )
      await clock.pass(300)
      await settle()
      return done
    },
    kinds: () => entries.map(({ kind }) => kind),
    end: () => ending.abort(),
  }
}

test('a weakening from a browser is announced before it takes effect, and recorded with the client', async () => {
  const world = start()
  const done = world.guard.changeSetting('blur_screenshots', false, browser)
  await settle()
  assert.equal(world.values().blur_screenshots, true)
  await world.clock.pass(300)
  await done
  assert.equal(world.values().blur_screenshots, false)
  assert.deepEqual(world.announced, [
    {
      text: 'Changed by the browser chromium: Blur screenshots: on → off. Undo: activity-tracker undo',
      replaces: undefined,
    },
  ])
  assert.deepEqual(world.entries, [
    { kind: 'weakening.announced', what: ['blur_screenshots'], by: 'chromium' },
    { kind: 'setting.changed', name: 'blur_screenshots', value: false, by: 'chromium' },
  ])
  world.end()
})

test('several weakenings within a moment are one announcement; a later one replaces it', async () => {
  const world = start()
  const all = Promise.all([
    world.guard.changeSetting('blur_screenshots', false, browser),
    world.guard.changeSetting('screenshot_notice', 'off', browser),
    world.guard.agree(consentVersion, browser),
  ])
  await world.clock.pass(300)
  await all
  assert.equal(world.announced.length, 1)
  assert.match(
    world.announced[0]?.text ?? '',
    /given → given\. Blur screenshots: .*When a screenshot is taken, show: /,
  )
  await world.set('hold_screenshots', 0)
  assert.equal(world.announced[1]?.replaces, '7')
  assert.match(
    world.announced[1]?.text ?? '',
    /Blur screenshots: .*Hold screenshots for: 60 seconds → 0 seconds/,
  )
  await world.clock.pass(11_000)
  await world.set('blur_private_windows', false)
  assert.equal(world.announced[2]?.replaces, undefined)
  world.end()
})

test('without notifications a request of a browser waits for the person, and the old values hold', async () => {
  const world = start({ desktop: false })
  const both = [
    world.guard.changeSetting('blur_screenshots', false, browser),
    world.guard.agree(consentVersion, browser),
  ]
  const settled = Promise.allSettled(both)
  await world.clock.pass(300)
  for (const result of await settled) {
    assert.ok(result.status === 'rejected')
    assert.deepEqual([result.reason.code, result.reason.detail], ['CONFIRMATION_WAITS', '7K4Q'])
  }
  assert.deepEqual([world.values().blur_screenshots, world.agreed(), world.kinds()], [true, false, []])
  assert.equal(new Set(world.asked.map(one => JSON.stringify(one))).size, 1, 'one question for both')
  const [question] = world.asked
  assert.ok(question)
  await question.allow()
  assert.deepEqual([world.values().blur_screenshots, world.agreed()], [false, true])
  world.end()
})

test('a terminal does not wait, with a desktop or without, and is announced where that is possible', async () => {
  for (const desktop of [true, false]) {
    const world = start({ desktop })
    await world.guard.changeSetting('blur_screenshots', false, terminal)
    await world.guard.agree(consentVersion, terminal)
    assert.deepEqual([world.values().blur_screenshots, world.agreed()], [false, true])
    await world.clock.pass(300)
    assert.equal(world.announced.length, desktop ? 1 : 0)
    assert.deepEqual(world.asked, [])
    world.end()
  }
})

test('a change that protects as much or more takes effect at once, from any client and on any desktop', async () => {
  const world = start({ desktop: false, given: { blur_screenshots: false, hold_screenshots: 10 } })
  await world.guard.changeSetting('blur_screenshots', true, browser)
  await world.guard.changeSetting('hold_screenshots', 300, browser)
  await world.guard.changeSetting('screenshot_interval', 60, browser)
  assert.equal(world.values().hold_screenshots, 300)
  assert.deepEqual(world.kinds(), ['setting.changed', 'setting.changed', 'setting.changed'])
  world.end()
})

test('undo reverts the last weakening, and earlier ones when repeated', async () => {
  const world = start()
  const agreeing = world.guard.agree(consentVersion, browser)
  await world.set('screenshot_notice', 'off')
  await agreeing
  await world.clock.pass(20_000)
  await world.set('blur_screenshots', false)
  await world.set('hold_screenshots', 0)
  await world.guard.undo('command line')
  const { blur_screenshots, hold_screenshots, screenshot_notice } = world.values()
  assert.deepEqual([blur_screenshots, hold_screenshots, screenshot_notice], [true, 60, 'off'])
  assert.equal(world.agreed(), true)
  assert.equal(world.kinds().at(-1), 'weakening.undone')
  await world.guard.undo('command line')
  assert.deepEqual([world.values().screenshot_notice, world.agreed()], ['badge', false])
  await assert.rejects(world.guard.undo('command line'), { code: 'NOTHING_TO_UNDO' })
  world.end()
})

test('undo leaves settings that the person has strengthened since', async () => {
  const world = start()
  await world.set('hold_screenshots', 0)
  await world.set('hold_screenshots', 600)
  await world.guard.undo('command line')
  assert.equal(world.values().hold_screenshots, 600)
  world.end()
})

test('undo puts names back beside those that were added since, and trusts none that was taken out since', async () => {
  const world = start({ given: { excluded_applications: 'bank, KeePassXC', trusted_devices: 'mouse, foot' } })
  await world.set('excluded_applications', 'KeePassXC')
  await world.set('trusted_devices', 'mouse, robot')
  await world.set('excluded_applications', 'KeePassXC, Signal', terminal)
  await world.set('trusted_devices', 'robot', terminal)
  await world.guard.undo('command line')
  const { excluded_applications, trusted_devices } = world.values()
  assert.deepEqual([excluded_applications, trusted_devices], ['bank, KeePassXC, Signal', 'foot'])
  world.end()
})

test('however many names were added since, those that were taken out come back', async () => {
  const world = start({ given: { excluded_applications: 'bank' } })
  await world.set('excluded_applications', '')
  await world.set('excluded_applications', 'x'.repeat(500))
  await world.guard.undo('command line')
  assert.equal(world.values().excluded_applications, 'bank')
  world.end()
})

test('undo also restores a value that was strengthened between two weakenings', async () => {
  const world = start()
  await world.set('hold_screenshots', 30)
  await world.set('hold_screenshots', 600, terminal)
  await world.set('hold_screenshots', 0)
  await world.guard.undo('command line')
  assert.equal(world.values().hold_screenshots, 600)
  world.end()
})

test('a browser that repeats a request while the person strengthens it changes nothing unannounced', async () => {
  const world = start({ given: { blur_screenshots: false } })
  const person = world.guard.changeSetting('blur_screenshots', true, terminal)
  const browserWeakens = world.guard.changeSetting('blur_screenshots', false, browser)
  await person
  await settle()
  assert.equal(world.values().blur_screenshots, true)
  await world.clock.pass(300)
  await browserWeakens
  assert.match(world.announced[0]?.text ?? '', /on → off/)
  await world.guard.undo('command line')
  assert.equal(world.values().blur_screenshots, true)
  world.end()
})

test('no later announcement makes an earlier one look smaller', async () => {
  const world = start({ given: { excluded_applications: 'bank' } })
  await world.set('hold_screenshots', 0)
  await world.set('hold_screenshots', 60)
  await world.set('hold_screenshots', 59)
  assert.match(world.announced.at(-1)?.text ?? '', /60 seconds → 0 seconds/)
  await world.set('excluded_applications', '')
  await world.set('excluded_applications', 'bank, mail')
  await world.set('excluded_applications', 'bank')
  assert.match(world.announced.at(-1)?.text ?? '', /Apps to blur: [^.]*bank/)
  world.end()
})

test('an announcement names what was taken out of a long list, and long words come last', async () => {
  const long = Array.from({ length: 12 }, (_, n) => `program ${n}`).join(', ')
  const world = start({ given: { excluded_applications: `${long}, bank`, trusted_devices: 'mouse' } })
  const all = Promise.all([
    world.guard.changeSetting('excluded_applications', long, browser),
    world.guard.changeSetting('trusted_devices', 'robot', browser),
    world.guard.changeSetting('blur_screenshots', false, browser),
  ])
  await world.clock.pass(300)
  await all
  assert.equal(
    world.announced[0]?.text,
    'Changed by the browser chromium: Blur screenshots: on → off. Apps to blur: bank → no longer hidden. ' +
      'Trusted devices: 1 name → 1 name, 1 of them new. Undo: activity-tracker undo',
  )
  world.end()
})

test('switched off and on and off, it goes back to how it was before the first', async () => {
  const world = start()
  await world.set('hold_screenshots', 30)
  await world.set('hold_screenshots', 5)
  await world.set('hold_screenshots', 20)
  await world.set('hold_screenshots', 0)
  await world.guard.undo('command line')
  assert.equal(world.values().hold_screenshots, 60)
  world.end()
})

test('however often it is done, the first value is not forgotten', async () => {
  const world = start()
  for (let hold = 59; hold > 20; hold--) {
    await world.set('hold_screenshots', hold)
    await world.clock.pass(11_000)
  }
  for (let n = 0; n < 20; n++) await world.guard.undo('command line').catch(() => undefined)
  assert.equal(world.values().hold_screenshots, 60)
  world.end()
})

test('a consent to another text is not announced', async () => {
  const world = start()
  await assert.rejects(world.guard.agree(consentVersion + 1, browser), { code: 'CONSENT_NEEDED' })
  await world.clock.pass(1000)
  assert.deepEqual(world.announced, [])
  world.end()
})

test('names that the person hides while a question waits stay hidden: a yes covers only the names in it', async () => {
  const world = start({
    desktop: false,
    given: { excluded_applications: 'mail, chat', trusted_devices: 'pen' },
  })
  const allow = () => world.asked.at(-1)?.allow()
  assert.equal(await world.set('excluded_applications', 'mail'), 'CONFIRMATION_WAITS')
  assert.equal(await world.set('excluded_applications', 'mail, chat, bank', terminal), undefined)
  await allow()
  assert.equal(world.values().excluded_applications, 'mail, bank')

  assert.equal(await world.set('trusted_devices', 'pen, robot'), 'CONFIRMATION_WAITS')
  assert.equal(await world.set('trusted_devices', '', terminal), undefined)
  await allow()
  assert.equal(world.values().trusted_devices, 'robot')
  world.end()
})

test('of several values of one setting in a moment, only the last, announced one takes effect', async () => {
  const world = start()
  const held: number[] = []
  world.watch(({ hold_screenshots }) => held.push(hold_screenshots))
  const all = Promise.all([
    world.guard.changeSetting('hold_screenshots', 0, browser),
    world.guard.changeSetting('hold_screenshots', 59, browser),
  ])
  await world.clock.pass(300)
  await all
  assert.deepEqual(held, [59])
  assert.match(world.announced[0]?.text ?? '', /60 seconds → 59 seconds/)
  world.end()
})
