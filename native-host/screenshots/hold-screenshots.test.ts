import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Settings } from '../../protocol/settings.ts'
import { fakeImageEditor, fakeLog, fakeSealer } from '../../test/fakes.ts'
import { fakeReviewQueue } from '../../test/fakes-held.ts'
import { fakeDisk, fakeJournal, fakeOutbox, fakeSettings } from '../../test/fakes-storage.ts'
import { manualClock, settle } from '../../test/manual-clock.ts'
import { kindsIn, recordsIn } from '../../test/records-in.ts'
import { readItem } from '../../test/support/sealed-bytes.ts'
import { holdScreenshots } from './hold-screenshots.ts'
import type { ImageEditor } from './ports.ts'

type Options = { given?: Partial<Settings>; image?: ImageEditor }

/** The state on the disk outlives a run of the flow. */
function computer({ given = {}, image = fakeImageEditor }: Options = {}) {
  const clock = manualClock('2026-11-22T12:00:00Z')
  const disk = fakeDisk()
  const journal = fakeJournal(clock, disk)
  const outbox = fakeOutbox(disk)
  const held = fakeReviewQueue(outbox, disk)
  const settings = fakeSettings(given)
  const sealer = fakeSealer()
  const log = fakeLog()
  return { clock, disk, journal, outbox, held, settings, sealer, log, image }
}

async function start(parts = computer()) {
  const { clock, outbox, sealer, journal, settings } = parts
  const screenshots = holdScreenshots({ ...parts, settings: settings.current })
  const ending = new AbortController()
  const running = screenshots.run(ending.signal)
  await settle()
  const goesOn = new AbortController().signal
  return {
    ...parts,
    screenshots,
    pass: (seconds: number) => clock.pass(seconds * 1000),
    async take(text: string, { signal = goesOn, blurred = false } = {}) {
      const picture = {
        bytes: new TextEncoder().encode(text),
        format: 'webp' as const,
        width: 960,
        height: 540,
      }
      const facts = { display: 1, of: 1, blurred }
      await screenshots.keep({ at: clock.now(), picture, facts }, signal)
      const [latest] = screenshots.list.value
      return latest?.object ?? ''
    },
    /** The pictures that the holder of the identity finds at the destination. */
    async delivered() {
      const texts: string[] = []
      for (let item = outbox.next(); item; item = outbox.next()) {
        texts.push(sealer.opened(await readItem(outbox, item)))
        await outbox.remove(item)
      }
      return texts
    },
    kinds: () => kindsIn(journal),
    async end() {
      ending.abort()
      await clock.pass(0)
      await running
      assert.equal(clock.sleepers, 0)
    },
  }
}

test('a picture is held for as long as the setting says, and then it is on its way', async () => {
  const world = await start()
  const object = await world.take('one')
  assert.deepEqual(world.screenshots.list.value, [
    {
      object,
      taken: '2026-11-22T12:00:00.000Z',
      until: '2026-11-22T12:01:00.000Z',
      display: 1,
      of: 1,
      width: 960,
      height: 540,
      blurred: false,
      viewable: true,
    },
  ])
  await world.pass(59)
  assert.deepEqual(await world.delivered(), [])
  await world.pass(1)
  assert.deepEqual(await world.delivered(), ['one'])
  assert.deepEqual(world.screenshots.list.value, [])
  await world.end()
})

test('a held screenshot is recorded at once, with its future key', async () => {
  const world = await start()
  const object = await world.take('one')
  const [record] = recordsIn(world.journal)
  assert.deepEqual(record && { ...record, prev: '', salt: '' }, {
    seq: 1,
    prev: '',
    salt: '',
    at: '2026-11-22T12:00:00.000Z',
    zone: 'UTC',
    offset: '+00:00',
    kind: 'screenshot',
    display: 1,
    of: 1,
    blurred: false,
    width: 960,
    height: 540,
    object,
    held_until: '2026-11-22T12:01:00.000Z',
  })
  await world.end()
})

test('held for no time at all, it goes straight to the outbox', async () => {
  const world = await start(computer({ given: { hold_screenshots: 0 } }))
  await world.take('one')
  assert.deepEqual(world.screenshots.list.value, [])
  const [record] = recordsIn(world.journal)
  assert.ok(record?.kind === 'screenshot' && record.held_until === undefined)
  assert.equal(record.object, world.outbox.next()?.key)
  assert.deepEqual(await world.delivered(), ['one'])
  await world.end()
})

test('each has its own time; a new setting counts for the next one', async () => {
  const world = await start()
  await world.take('one')
  await world.pass(20)
  await world.settings.change('hold_screenshots', 10)
  await world.take('two')
  await world.pass(10)
  assert.deepEqual(await world.delivered(), ['two'])
  await world.pass(30)
  assert.deepEqual(await world.delivered(), ['one'])
  await world.end()
})

test('a clock that is set forward does not shorten the review time, and one that is set back does not extend it', async () => {
  for (const to of ['2026-11-23T12:00:00Z', '2026-11-21T12:00:00Z']) {
    const world = await start()
    await world.take('one')
    world.clock.setWall(to)
    await world.pass(59)
    assert.deepEqual(await world.delivered(), [], to)
    await world.pass(1)
    assert.deepEqual(await world.delivered(), ['one'], to)
    await world.end()
  }
})

test('a held picture can be looked at, small and large', async () => {
  const world = await start()
  const object = await world.take('one')
  const texts = []
  for (const size of ['small', 'large'] as const) {
    const { bytes } = await world.screenshots.preview(object, size, 'sharp-too')
    texts.push(new TextDecoder().decode(bytes))
  }
  assert.deepEqual(texts, [`one at ${32_000 / 960} %`, 'one at 100 %'])
  await world.end()
})

test('a client that may see only blurred pictures gets only blurred ones, at any size', async () => {
  const world = await start()
  const [sharp, blurred] = [await world.take('one'), await world.take('two', { blurred: true })]
  for (const size of ['small', 'large'] as const)
    await assert.rejects(world.screenshots.preview(sharp, size, 'blurred-only'), { code: 'PICTURE_LOCKED' })
  assert.ok(await world.screenshots.preview(blurred, 'small', 'blurred-only'))
  await world.end()
})

test('a preview that would be too large for a message is made smaller', async () => {
  const image: ImageEditor = {
    ...fakeImageEditor,
    async encode(_, { scalePercent }) {
      const bytes = new Uint8Array(scalePercent * 20_000)
      return { bytes, format: 'webp', width: 1, height: 1 }
    },
  }
  const world = await start(computer({ image }))
  const object = await world.take('one')
  const { bytes } = await world.screenshots.preview(object, 'large', 'sharp-too')
  assert.equal(bytes.length, 500_000)
  await world.end()
})

test('blurred, it is the unreadable form that is delivered, at its time, and nothing else', async () => {
  const world = await start()
  const object = await world.take('one')
  await world.pass(30)
  await world.screenshots.blur(object, 'firefox')
  const [blurred] = world.screenshots.list.value
  assert.deepEqual([blurred?.blurred, blurred?.until], [true, '2026-11-22T12:01:00.000Z'])
  await world.pass(30)
  assert.deepEqual(await world.delivered(), ['one at 100 %, blurred'])
  const [, record] = recordsIn(world.journal)
  assert.ok(record?.kind === 'screenshot.blurred')
  assert.deepEqual(
    [record.object, record.by, record.reason, record.asked_by],
    [object, blurred?.object, 'user', 'firefox'],
  )
  assert.deepEqual(world.kinds(), ['screenshot', 'screenshot.blurred'])
  await world.end()
})

test('blurring what is blurred changes nothing', async () => {
  const world = await start()
  const object = await world.take('one', { blurred: true })
  await world.screenshots.blur(object, 'firefox')
  assert.equal(world.screenshots.list.value[0]?.object, object)
  assert.deepEqual(world.kinds(), ['screenshot'])
  await world.end()
})

test('a request in time counts, however long it takes', async () => {
  const started = Promise.withResolvers<void>()
  const image: ImageEditor = {
    ...fakeImageEditor,
    async encode(picture, options) {
      await started.promise
      return fakeImageEditor.encode(picture, options)
    },
  }
  const world = await start(computer({ image }))
  const object = await world.take('one')
  const asked = world.screenshots.blur(object, 'firefox')
  await world.pass(90)
  assert.deepEqual(await world.delivered(), [])
  started.resolve()
  await asked
  await world.pass(0)
  assert.deepEqual(await world.delivered(), ['one at 100 %, blurred'])
  await world.end()
})

test('deleted, it is never delivered, and a record of it stays', async () => {
  const world = await start()
  const object = await world.take('one')
  await world.screenshots.remove(object, 'firefox')
  assert.deepEqual(world.screenshots.list.value, [])
  await world.pass(3600)
  assert.deepEqual(await world.delivered(), [])
  const [, record] = recordsIn(world.journal)
  assert.deepEqual(record && { ...record, prev: '', salt: '', seq: 0, at: '' }, {
    seq: 0,
    prev: '',
    salt: '',
    at: '',
    zone: 'UTC',
    offset: '+00:00',
    kind: 'screenshot.deleted',
    object,
    taken: '2026-11-22T12:00:00.000Z',
    display: 1,
    of: 1,
    reason: 'user',
    asked_by: 'firefox',
  })
  await world.end()
})

test('a delivered or deleted picture is gone for every caller', async () => {
  const world = await start()
  const object = await world.take('one')
  await world.pass(60)
  await assert.rejects(world.screenshots.preview(object, 'small', 'sharp-too'), { code: 'HELD_GONE' })
  await assert.rejects(world.screenshots.blur(object, 'firefox'), { code: 'HELD_GONE' })
  await assert.rejects(world.screenshots.remove(object, 'firefox'), { code: 'HELD_GONE' })
  await world.end()
})

test('after a restart it cannot be looked at; it can be deleted, or is delivered when its time is over', async () => {
  const parts = computer()
  const first = await start(parts)
  const one = await first.take('one')
  const two = await first.take('two')
  await first.end()

  await parts.clock.pass(20_000)
  const second = await start(parts)
  assert.deepEqual(
    second.screenshots.list.value.map(({ object, viewable }) => [object, viewable]),
    [
      [two, false],
      [one, false],
    ],
  )
  await assert.rejects(second.screenshots.preview(one, 'small', 'sharp-too'), { code: 'HELD_SEALED' })
  await assert.rejects(second.screenshots.blur(one, 'firefox'), { code: 'HELD_SEALED' })
  await second.screenshots.remove(two, 'firefox')
  await second.pass(39)
  assert.deepEqual(await second.delivered(), [])
  await second.pass(1)
  assert.deepEqual(await second.delivered(), ['one'])
  await second.end()
})

const restarts: [name: string, at: string, restSeconds: number][] = [
  ['its time was over long ago', '2026-11-25T12:00:00Z', 0],
  ['the clock was set back by a year', '2025-11-22T12:00:00Z', 60],
]
for (const [name, at, restSeconds] of restarts)
  test(`after a restart when ${name}, it waits for ${restSeconds} s`, async () => {
    const parts = computer()
    const first = await start(parts)
    await first.take('one')
    await first.end()
    parts.clock.setWall(at)
    const second = await start(parts)
    if (restSeconds > 0) {
      await second.pass(restSeconds - 1)
      assert.deepEqual(await second.delivered(), [])
    }
    await second.pass(1)
    assert.deepEqual(await second.delivered(), ['one'])
    await second.end()
  })

test('a deletion whose record could not be written counts, and is recorded when there is room', async () => {
  const world = await start()
  const object = await world.take('one')
  const append = world.journal.append
  world.journal.append = () => {
    throw new Error('full')
  }
  await world.screenshots.remove(object, 'firefox')
  assert.deepEqual(world.kinds(), ['screenshot'])
  world.journal.append = append
  await world.pass(10)
  assert.deepEqual(world.kinds(), ['screenshot', 'screenshot.deleted'])
  await world.pass(3600)
  assert.deepEqual(await world.delivered(), [])
  await world.end()
})

test('a failed release is tried again, and logged once while it lasts', async () => {
  const world = await start()
  await world.take('one')
  await world.pass(50)
  world.disk.fail('DISK_FULL')
  await world.pass(60)
  assert.deepEqual(
    world.log.lines.map(({ event, code }) => [event, code]),
    [['screenshots-not-released', 'DISK_FULL']],
  )
  world.disk.recover()
  await world.pass(10)
  assert.deepEqual(await world.delivered(), ['one'])
  await world.end()
})

test('a deletion that the disk refuses is an error, and the picture is still held', async () => {
  const world = await start()
  const object = await world.take('one')
  world.disk.fail('STORE_NOT_WRITABLE')
  await assert.rejects(world.screenshots.remove(object, 'firefox'), { code: 'STORE_NOT_WRITABLE' })
  assert.equal(world.screenshots.list.value.length, 1)
  world.disk.recover()
  await world.end()
})

test('a screenshot that is discarded while it is being sealed is neither held nor recorded', async () => {
  for (const hold_screenshots of [0, 60]) {
    const world = await start(computer({ given: { hold_screenshots } }))
    await assert.rejects(world.take('one', { signal: AbortSignal.abort() }))
    assert.deepEqual([world.kinds(), world.screenshots.list.value], [[], []])
    assert.deepEqual(await world.delivered(), [])
    await world.end()
  }
})
