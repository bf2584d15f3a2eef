import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConnectionReport } from '../../protocol/connection-check.ts'
import type { Day } from '../../protocol/day.ts'
import { AppError, type ErrorCode } from '../../protocol/errors.ts'
import { type AgentMessage, type ClientMessage, protocolVersion } from '../../protocol/messages.ts'
import { settingNames, settingRows } from '../../protocol/settings.ts'
import type { Status } from '../../protocol/status.ts'
import { fakeClient, fakeLog } from '../../test/fakes.ts'
import { fakeSettings } from '../../test/fakes-storage.ts'
import { manualClock, settle } from '../../test/manual-clock.ts'
import { noCounts } from '../input/input-window.ts'
import { createSignal } from '../kernel/signals.ts'
import { createWindowQuestions } from '../screenshots/ask-windows.ts'
import { addUpDay, buildStatus } from '../tracking/build-status.ts'
import type { Commands } from './commands.ts'
import { pushStatus } from './push-status.ts'
import { createClientRegistry } from './registry.ts'
import { serveClient } from './serve-clients.ts'

const hello = (
  program: 'bridge' | 'extension' | 'command-line',
  protocol = protocolVersion,
): Extract<ClientMessage, { type: 'hello' }> => ({
  type: 'hello',
  protocol,
  version: '0.1.0',
  program,
  name: program,
})
const live: ClientMessage = { type: 'subscribe', live: true }
const saved: ClientMessage = { type: 'subscribe', live: false }

const report = (kind: 'running' | 'ok'): ConnectionReport => ({
  destination: { kind: 'folder', where: '/records' },
  steps: [{ step: 'folder', outcome: kind === 'ok' ? { kind, found: 'can be written', ms: 1 } : { kind } }],
})

const aborted = (signal: AbortSignal) =>
  new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))

async function start() {
  const clock = manualClock()
  const settings = fakeSettings()
  const log = fakeLog()
  const savedCount = createSignal(0)
  const countedCount = createSignal(0)
  let keys = 0
  const asked: unknown[] = []
  const screenshot = Promise.withResolvers<void>()
  const test = Promise.withResolvers<void>()
  const commands: Commands = {
    acknowledge: version => void asked.push(['acknowledge', version]),
    pause: until => void asked.push(['pause', until]),
    resume: () => void asked.push(['resume']),
    screenshotNow() {
      asked.push(['screenshot'])
      return screenshot.promise
    },
    skipScreenshot: () => void asked.push(['skip']),
    dayOf: emptyDay,
    async recordInput(onLines) {
      asked.push(['record-input'])
      onLines('0,0,m,1,2,0\n')
    },
    async previewHeld(object, size) {
      asked.push(['preview', object, size])
      return { bytes: new Uint8Array([1, 2, 3]), format: 'webp', width: 2, height: 1 }
    },
    async blurHeld(object, by) {
      asked.push(['blur', object, by])
    },
    unlockPictures: ({ viaBrowser }) => void asked.push(['unlock', viaBrowser]),
    async undoWeakening(by) {
      asked.push(['undo', by])
    },
    async confirm(code, answer) {
      asked.push(['confirm', code, answer])
    },
    async deleteHeld() {
      throw new AppError('HELD_GONE')
    },
    withdrawVerdict: (from, to) => void asked.push(['withdraw', from, to]),
    async changeSetting(name, value) {
      asked.push(['change', name, value])
      await settings.change(name, value)
    },
    async testConnection(onReport, signal) {
      asked.push('test-connection')
      onReport(report('running'))
      await Promise.race([test.promise, aborted(signal)])
      asked.push(signal.aborted ? 'test called off' : 'test ended')
      onReport(report('ok'))
    },
    async openDays({ date }, _asker, onNews, signal) {
      asked.push(['open', date])
      onNews({ type: 'opening', done: 0, total: 2, unopened: 0 })
      await Promise.race([test.promise, aborted(signal)])
      signal.throwIfAborted()
      onNews({ type: 'opening', done: 2, total: 2, unopened: 0 })
    },
    async openedPicture(object, size) {
      asked.push(['opened', object, size])
      return { bytes: new Uint8Array([1, 2, 3]), format: 'webp', width: 2, height: 1 }
    },
    followSession: ({ DISPLAY }) => void asked.push(['session', DISPLAY]),
    async reloadKeys() {
      asked.push(['reload-keys'])
    },
    stop: () => void asked.push(['stop']),
  }
  let names = 0
  const questions = createWindowQuestions({ clock, newName: () => `question ${++names}` })
  const registry = createClientRegistry()
  const shown = { registry, clock, settings: settings.current, status: () => statusWith(keys, clock.now()) }
  const ports = { ...shown, log, commands, version: '1.2.3', windowQuestions: questions }
  const ending = new AbortController()
  const running = pushStatus({ ...shown, saved: savedCount, counted: countedCount }, ending.signal)
  await settle()
  return {
    clock,
    settings,
    log,
    commands,
    registry,
    questions,
    asked,
    screenshot,
    test,
    count(more: number) {
      keys += more
      countedCount.value = countedCount.value + 1
    },
    save() {
      savedCount.value = savedCount.value + 1
    },
    async connect(...messages: ClientMessage[]) {
      const client = fakeClient()
      void serveClient(ports, client)
      await client.say(...messages)
      return client
    },
    async end() {
      ending.abort()
      await running
    },
  }
}

function emptyDay(date: string): Day {
  const seconds = { active: 0, there: 0, idle: 0, flagged: 0, paused: 0, gap: 0 }
  return { date, zones: [], spans: [], seconds, joined: 0 }
}

function statusWith(keys: number, now: Temporal.Instant): Status {
  return buildStatus({
    now,
    zone: 'UTC',
    timeChange: null,
    consent: null,
    conditions: {
      consentGiven: false,
      startedAt: '2026-11-22T12:00:00.000Z',
      pause: undefined,
      suspension: undefined,
      store: undefined,
      input: undefined,
      trackingSince: undefined,
      lastSaved: undefined,
    },
    stored: addUpDay({ date: '2026-11-22', zone: 'UTC' }, []),
    trackedSeconds: 0,
    days: [],
    unsaved: { ...noCounts, keys },
    flagged: null,
    flagged_before: [],
    input: { kind: 'off' },
    screenshots: {
      state: 'off',
      displays: 0,
      last: null,
      next: null,
      problem: null,
      blurred: [],
      held: [],
      unlocked_until: null,
    },
    queue: {
      items: 0,
      bytes: 0,
      oldest: null,
      last_delivered: null,
      delivered: 0,
      quarantined: 0,
      next_try: null,
      waiting: null,
      problem: null,
    },
    destination: { kind: 'folder', where: '' },
    presence: { kind: 'active', since: '2026-11-22T12:00:00.000Z', source: 'input' },
    power: null,
    keys: { recipients: [], identity_here: false, recovery_file: null },
    opened_until: null,
    confirmation: null,
    notices: [],
    agent: { version: '1.2.3', pid: 1, started: '', device: '', home: '', clients: 0 },
  })
}

const types = (messages: readonly AgentMessage[]) => messages.map(({ type }) => type)
const keysShown = (messages: readonly AgentMessage[]) =>
  messages.flatMap(message => (message.type === 'status' ? [message.status.today.keys] : []))
const codesOf = (messages: readonly AgentMessage[]) =>
  messages.flatMap(message =>
    message.type === 'failed' || message.type === 'refused' ? [message.problem.code] : [],
  )

test('hello is answered with a welcome that names protocol and version', async () => {
  const world = await start()
  const client = await world.connect(hello('extension'))
  assert.deepEqual(client.received, [{ type: 'welcome', protocol: protocolVersion, version: '1.2.3' }])
  await world.end()
})

test('bridge and extension each get their welcome on the one connection', async () => {
  const world = await start()
  const client = await world.connect(hello('bridge'), hello('extension'))
  assert.deepEqual(types(client.received), ['welcome', 'welcome'])
  assert.deepEqual(world.registry.counts.value, { browsers: 1, all: 1 })
  await world.end()
})

test('a bridge and a command state their session, and a browser behind a bridge cannot', async () => {
  const world = await start()
  const from = (program: 'bridge' | 'extension', display: string) =>
    ({ ...hello(program), session: { DISPLAY: display } }) as ClientMessage
  await world.connect(from('bridge', ':7'), from('extension', ':8'))
  assert.deepEqual(world.asked, [['session', ':7']])
  await world.end()
})

test('a client that does not say hello first is refused, and nothing is done', async () => {
  for (const message of [live, { type: 'resume', id: '1' }] satisfies ClientMessage[]) {
    const world = await start()
    const client = await world.connect(message)
    assert.deepEqual(codesOf(client.received), ['MESSAGE_INVALID'])
    assert.equal(client.closed, true)
    assert.deepEqual(world.asked, [])
    await world.end()
  }
})

test('another protocol version is one error with both numbers, and ends the connection', async () => {
  const world = await start()
  const client = await world.connect(hello('extension', protocolVersion + 1), live)
  assert.deepEqual(client.received, [
    {
      type: 'refused',
      problem: {
        code: 'PROTOCOL_MISMATCH',
        detail: `protocol ${protocolVersion + 1} and ${protocolVersion}`,
      },
    },
  ])
  assert.equal(client.closed, true)
  await world.end()
})

test('a silent client is disconnected after five seconds', async () => {
  const world = await start()
  const silent = await world.connect()
  const polite = await world.connect(hello('extension'))
  await world.clock.pass(5_000)
  assert.equal(silent.closed, true)
  assert.equal(polite.closed, false)
  await world.end()
})

for (const code of ['FRAME_MALFORMED', 'FRAME_TOO_LARGE', 'MESSAGE_INVALID'] satisfies ErrorCode[])
  test(`${code} ends that client with the reason, and no other`, async () => {
    const world = await start()
    const [bad, good] = [await world.connect(hello('extension')), await world.connect(hello('extension'))]
    await bad.garble(code)
    assert.deepEqual(codesOf(bad.received), [code])
    assert.equal(good.closed, false)
    assert.deepEqual(world.registry.counts.value, { browsers: 1, all: 1 })
    assert.deepEqual(world.log.lines, [{ event: 'client-refused', code }])
    await world.end()
  })

test('browsers and other clients are counted from their hello until they leave', async () => {
  const world = await start()
  await world.connect()
  assert.deepEqual(world.registry.counts.value, { browsers: 0, all: 0 })
  const browser = await world.connect(hello('bridge'))
  const terminal = await world.connect(hello('command-line'))
  assert.deepEqual(world.registry.counts.value, { browsers: 1, all: 2 })
  await browser.leave()
  assert.deepEqual(world.registry.counts.value, { browsers: 0, all: 1 })
  await terminal.leave()
  assert.deepEqual(world.registry.counts.value, { browsers: 0, all: 0 })
  await world.end()
})

test('a client that subscribes gets settings and status at once', async () => {
  const world = await start()
  world.count(7)
  const client = await world.connect(hello('extension'), saved)
  assert.deepEqual(types(client.received), ['welcome', 'settings', 'status'])
  assert.deepEqual(keysShown(client.received), [7])
  await world.end()
})

test('live: counts come at once, then at most every second, and the last of them always comes', async () => {
  const world = await start()
  const client = await world.connect(hello('extension'), live)
  for (let n = 0; n < 29; n++) {
    world.count(1)
    await world.clock.pass(100)
  }
  assert.deepEqual(keysShown(client.received), [0, 1, 10, 20])
  await world.clock.pass(1_000)
  assert.deepEqual(keysShown(client.received), [0, 1, 10, 20, 29])
  await world.clock.pass(60_000)
  assert.equal(keysShown(client.received).length, 5)
  await world.end()
})

test('saved: only stored counts are reported, at most ten times a second', async () => {
  const world = await start()
  const client = await world.connect(hello('extension'), saved)
  world.count(5)
  await world.clock.pass(5_000)
  assert.deepEqual(keysShown(client.received), [0])
  for (let n = 0; n < 20; n++) world.save()
  await world.clock.pass(0)
  assert.deepEqual(keysShown(client.received), [0, 5])
  world.save()
  world.count(1)
  await world.clock.pass(100)
  assert.deepEqual(keysShown(client.received), [0, 5, 6])
  await world.end()
})

test('the last subscription counts, and a client without one gets nothing', async () => {
  const world = await start()
  const changed = await world.connect(hello('extension'), live, saved)
  const none = await world.connect(hello('extension'))
  const before = changed.received.length
  world.count(1)
  await world.clock.pass(5_000)
  assert.equal(changed.received.length, before)
  world.save()
  await world.settings.change('screenshots', false)
  await world.clock.pass(5_000)
  assert.deepEqual(types(changed.received.slice(before)).sort(), ['settings', 'status'])
  assert.deepEqual(types(none.received), ['welcome'])
  await world.end()
})

test('a changed setting reaches every window at once', async () => {
  const world = await start()
  const clients = [
    await world.connect(hello('extension'), saved),
    await world.connect(hello('extension'), live),
  ]
  await world.settings.change('screenshot_interval', 60)
  for (const client of clients) {
    const last = client.received.filter(message => message.type === 'settings').at(-1)
    assert.equal(last?.settings.screenshot_interval, 60)
  }
  await world.end()
})

const commands: [message: ClientMessage, asked: unknown[]][] = [
  [{ type: 'acknowledge', id: 'x', text_version: 1 }, ['acknowledge', 1]],
  [{ type: 'pause', id: 'x', until: null }, ['pause', null]],
  [{ type: 'resume', id: 'x' }, ['resume']],
  [
    {
      type: 'withdraw-verdict',
      id: 'x',
      from: '2026-11-22T10:00:00.000Z',
      to: '2026-11-22T10:05:00.000Z',
    },
    ['withdraw', '2026-11-22T10:00:00.000Z', '2026-11-22T10:05:00.000Z'],
  ],
  [
    { type: 'change-setting', id: 'x', name: 'screenshot_interval', value: 60 },
    ['change', 'screenshot_interval', 60],
  ],
]
for (const [message, asked] of commands)
  test(`${message.type} from a browser is done, and answered by its id`, async () => {
    const world = await start()
    const client = await world.connect(hello('bridge'), message)
    assert.deepEqual(world.asked, [asked])
    assert.deepEqual(client.received.at(-1), { type: 'done', id: 'x' })
    await world.end()
  })

test('the first hello fixes the name of a client; a terminal cannot choose its name', async () => {
  const world = await start()
  const asked: unknown[] = []
  world.commands.pause = (_until, by) => void asked.push(by)
  world.commands.acknowledge = (_version, asker) => void asked.push(asker)
  world.commands.screenshotNow = async by => void asked.push(by)
  world.commands.changeSetting = async (_name, _value, asker) => void asked.push(asker)
  const orders: ClientMessage[] = [
    { type: 'pause', id: 'x', until: null },
    { type: 'acknowledge', id: 'x', text_version: 1 },
    { type: 'screenshot-now', id: 'x' },
    { type: 'change-setting', id: 'x', name: 'screenshots', value: false },
  ]
  const inBrowser = { ...hello('extension'), name: 'firefox 153' }
  await world.connect({ ...hello('bridge'), name: 'firefox' }, inBrowser, ...orders)
  const browser = { name: 'firefox', viaBrowser: true }
  assert.deepEqual(asked.splice(0), ['firefox', browser, 'firefox', browser])
  await world.connect({ ...hello('command-line'), name: 'firefox' }, ...orders)
  const terminal = { name: 'command line', viaBrowser: false }
  assert.deepEqual(asked, ['command line', terminal, 'command line', terminal])
  await world.end()
})

const order: ClientMessage = { type: 'resume', id: 'x' }
const named = (name: string) => ({ ...hello('bridge'), name })
const strangeHellos: [what: string, hellos: ClientMessage[]][] = [
  ['a bridge that says it twice', [hello('bridge'), hello('bridge')]],
  ['a bridge that gets another name', [named('chromium'), named('firefox')]],
  ['a bridge that becomes a terminal', [hello('bridge'), hello('command-line')]],
  ['an extension that says it twice', [hello('bridge'), hello('extension'), hello('extension')]],
  ['an extension that becomes a terminal', [hello('extension'), hello('command-line')]],
  ['an extension that becomes a bridge', [hello('extension'), hello('bridge')]],
  ['a terminal that becomes a browser', [hello('command-line'), hello('bridge')]],
  ['a terminal that says it twice', [hello('command-line'), hello('command-line')]],
  ['a bridge that is called like a terminal', [named('Command-line')]],
  ['an extension that is called like the tracker', [{ ...hello('extension'), name: 'Activity Tracker 2' }]],
]
for (const [what, hellos] of strangeHellos)
  test(`${what} is refused, and its requests are not carried out`, async () => {
    const world = await start()
    const client = await world.connect(...hellos, order)
    assert.deepEqual(codesOf(client.received), ['MESSAGE_INVALID'])
    assert.equal(client.closed, true)
    assert.deepEqual(world.asked, [])
    await world.end()
  })

test('a browser requests unblurred pictures, and only a terminal may answer', async () => {
  const world = await start()
  const answer: ClientMessage = { type: 'confirm', id: 'y', code: '7K4Q', answer: 'accept' }
  const browser = await world.connect(hello('bridge'), { type: 'unlock-pictures', id: 'x' }, answer)
  assert.deepEqual(world.asked.splice(0), [['unlock', true]])
  assert.deepEqual(codesOf(browser.received), ['NOT_FROM_BROWSER'])
  await world.connect(hello('command-line'), { type: 'unlock-pictures', id: 'x' }, answer)
  assert.deepEqual(world.asked, [
    ['unlock', false],
    ['confirm', '7K4Q', 'accept'],
  ])
  await world.end()
})

test('a verdict on a span that ends before it begins is not withdrawn', async () => {
  const world = await start()
  const client = await world.connect(hello('bridge'), {
    type: 'withdraw-verdict',
    id: 'x',
    from: '2026-11-22T10:05:00.000Z',
    to: '2026-11-22T10:00:00.000Z',
  })
  assert.deepEqual(codesOf(client.received), ['MESSAGE_INVALID'])
  assert.deepEqual(world.asked, [])
  await world.end()
})

const computerOnly = settingNames.filter(name => settingRows[name].changedFrom === 'computer')
const privileged: ClientMessage[] = [
  ...computerOnly.map(
    (name): ClientMessage => ({ type: 'change-setting', id: 'x', name, value: settingRows[name].default }),
  ),
  { type: 'reload-keys', id: 'x' },
  { type: 'record-input', id: 'x' },
  { type: 'stop', id: 'x' },
]
for (const message of privileged) {
  const what = 'name' in message ? `${message.type} ${message.name}` : message.type
  for (const [who, hellos] of [
    ['a browser', [hello('bridge')]],
    ['an extension', [hello('extension')]],
    ['an extension behind its bridge', [hello('bridge'), hello('extension')]],
  ] as const)
    test(`${what} from ${who} is refused, and the connection goes on`, async () => {
      const world = await start()
      const client = await world.connect(...hellos, message)
      assert.deepEqual(codesOf(client.received), ['NOT_FROM_BROWSER'])
      assert.deepEqual(world.asked, [])
      assert.equal(client.closed, false)
      await world.end()
    })

  test(`${what} from the command line is done`, async () => {
    const world = await start()
    const client = await world.connect(hello('command-line'), message)
    const answers = types(client.received).filter(type => type !== 'recorded-input')
    assert.deepEqual(answers, ['welcome', 'done'])
    assert.equal(world.asked.length, 1)
    await world.end()
  })
}

const badSettings: [name: string, value: string | number, code: ErrorCode][] = [
  ['screenshot_interval', 4, 'SETTING_INVALID'],
  ['screenshot_interval', '60', 'SETTING_INVALID'],
  ['colour', 'red', 'SETTING_UNKNOWN'],
  ['constructor', 'x', 'SETTING_UNKNOWN'],
  ['__proto__', 'x', 'SETTING_UNKNOWN'],
]
for (const [name, value, code] of badSettings)
  test(`${name} = ${JSON.stringify(value)} is answered with ${code}, and the connection goes on`, async () => {
    const world = await start()
    const client = await world.connect(hello('extension'), { type: 'change-setting', id: 'x', name, value })
    assert.deepEqual(codesOf(client.received), [code])
    assert.deepEqual(world.asked, [])
    assert.equal(client.closed, false)
    await world.end()
  })

test('a command that fails is answered with its problem', async () => {
  const world = await start()
  world.commands.resume = () => {
    throw new AppError('DISK_FULL', { detail: '/data' })
  }
  const client = await world.connect(hello('extension'), { type: 'resume', id: 'x' })
  assert.deepEqual(client.received.at(-1), {
    type: 'failed',
    id: 'x',
    problem: { code: 'DISK_FULL', detail: '/data' },
  })
  assert.deepEqual(world.log.lines, [])
  await world.end()
})

test('an unexpected error is INTERNAL to the client; the log names the place, and quotes nothing', async () => {
  const world = await start()
  world.commands.resume = () => {
    throw new TypeError('canary')
  }
  const client = await world.connect(hello('extension'), { type: 'resume', id: 'x' })
  assert.deepEqual(client.received.at(-1), { type: 'failed', id: 'x', problem: { code: 'INTERNAL' } })
  assert.equal(world.log.lines[0]?.event, 'command-failed')
  assert.match(world.log.lines[0]?.stack ?? '', /serve-clients/)
  assert.doesNotMatch(JSON.stringify(world.log.lines), /canary/)
  await world.end()
})

test('a pause is done and answered while a screenshot is still being taken', async () => {
  const world = await start()
  const client = await world.connect(
    hello('extension'),
    { type: 'screenshot-now', id: 'slow' },
    { type: 'pause', id: 'quick', until: null },
  )
  assert.deepEqual(client.received.slice(1), [{ type: 'done', id: 'quick' }])
  world.screenshot.resolve()
  await settle()
  assert.deepEqual(client.received.at(-1), { type: 'done', id: 'slow' })
  await world.end()
})

test('commands take effect in the order in which they came', async () => {
  const world = await start()
  await world.connect(
    hello('extension'),
    { type: 'pause', id: '1', until: null },
    { type: 'resume', id: '2' },
    { type: 'pause', id: '3', until: null },
  )
  assert.deepEqual(world.asked, [['pause', null], ['resume'], ['pause', null]])
  await world.end()
})

test('an answer to a client that has left is dropped without an error', async () => {
  const world = await start()
  const client = await world.connect(hello('extension'), { type: 'screenshot-now', id: 'x' })
  await client.leave()
  world.screenshot.reject(new AppError('CAPTURE_FAILED'))
  await settle()
  assert.deepEqual(types(client.received), ['welcome'])
  assert.deepEqual(world.log.lines, [])
  await world.end()
})

test('when the service ends nothing is pushed any more', async () => {
  const world = await start()
  const client = await world.connect(hello('extension'), live)
  await world.end()
  const before = client.received.length
  world.count(1)
  world.save()
  await world.clock.pass(5_000)
  assert.equal(client.received.length, before)
})

test('a connection test reports every change to the client that asked, and then that it is done', async () => {
  const world = await start()
  const asker = await world.connect(hello('extension'))
  const other = await world.connect(hello('extension'))
  await asker.say({ type: 'test-connection', id: '7' })
  world.test.resolve()
  await settle()
  assert.deepEqual(asker.received.slice(1), [
    { type: 'connection-test', id: '7', report: report('running') },
    { type: 'connection-test', id: '7', report: report('ok') },
    { type: 'done', id: '7' },
  ])
  assert.deepEqual(types(other.received), ['welcome'])
  await world.end()
})

test('a second test while one runs is refused; afterwards another can start', async () => {
  const world = await start()
  const client = await world.connect(hello('extension'))
  await client.say({ type: 'test-connection', id: '1' })
  await client.say({ type: 'test-connection', id: '2' })
  assert.deepEqual(codesOf(client.received), ['TEST_RUNNING'])
  world.test.resolve()
  await settle()
  await client.say({ type: 'test-connection', id: '3' })
  assert.deepEqual(world.asked, ['test-connection', 'test ended', 'test-connection', 'test ended'])
  await world.end()
})

test('a test whose client leaves is cancelled', async () => {
  const world = await start()
  const client = await world.connect(hello('extension'))
  await client.say({ type: 'test-connection', id: '1' })
  await client.leave()
  await settle()
  assert.deepEqual(world.asked, ['test-connection', 'test called off'])
  await world.end()
})

const openDay: ClientMessage = { type: 'open-days', id: '1', date: '2026-11-22', span: 'day' }

test('what is opened goes to the client that asked alone, and the next day takes the place of the one before', async () => {
  const world = await start()
  const [asker, other] = [await world.connect(hello('extension')), await world.connect(hello('extension'))]
  await asker.say(openDay, { ...openDay, id: '2' })
  world.test.resolve()
  await settle()
  const answers = asker.received.slice(1).map(message => [message.type, 'id' in message && message.id])
  assert.deepEqual(answers, [
    ['opening', '1'],
    ['opening', '2'],
    ['failed', '1'],
    ['opening', '2'],
    ['done', '2'],
  ])
  assert.deepEqual(codesOf(asker.received), ['DAYS_REPLACED'])
  assert.deepEqual(types(other.received), ['welcome'])
  await world.end()
})

test('opening ends when the page closes it, and when its client leaves', async () => {
  const world = await start()
  const [one, other] = [await world.connect(hello('extension')), await world.connect(hello('extension'))]
  await one.say(openDay)
  await other.say(openDay, { type: 'close-opened', id: '9' })
  await one.leave()
  await settle()
  assert.deepEqual(types(other.received), ['welcome', 'opening', 'done', 'failed'])
  assert.deepEqual(types(one.received), ['welcome', 'opening'])
  await world.end()
})

test('a held screenshot is sent to the client that asked, in a message followed by done', async () => {
  const world = await start()
  const [asker, other] = [await world.connect(hello('extension')), await world.connect(hello('extension'))]
  const before = asker.received.length
  await asker.say({ type: 'preview-held', id: '7', object: 'a/key', size: 'large' })
  assert.deepEqual(world.asked, [['preview', 'a/key', 'large']])
  assert.deepEqual(asker.received.slice(before), [
    {
      type: 'held-preview',
      id: '7',
      object: 'a/key',
      format: 'webp',
      width: 2,
      height: 1,
      bytes: 'AQID',
    },
    { type: 'done', id: '7' },
  ])
  assert.ok(other.received.every(({ type }) => type !== 'held-preview'))
  await world.end()
})

test('a browser may blur or delete a held screenshot; one that is gone is reported as gone', async () => {
  const world = await start()
  const client = await world.connect(hello('extension'))
  await client.say({ type: 'blur-held', id: '1', object: 'a/key' })
  await client.say({ type: 'delete-held', id: '2', object: 'a/key' })
  assert.deepEqual(world.asked, [['blur', 'a/key', 'extension']])
  assert.deepEqual(client.received.slice(-2), [
    { type: 'done', id: '1' },
    { type: 'failed', id: '2', problem: { code: 'HELD_GONE' } },
  ])
  await world.end()
})

test('only extensions are asked for their windows, each listed with the browser of its bridge', async () => {
  const world = await start()
  const ofBridge = (browser_pid?: number) => ({ ...hello('bridge'), ...(browser_pid && { browser_pid }) })
  const own = { left: 1, top: 2, width: 3, height: 4, state: 'open', private: false } as const
  const extension = await world.connect(ofBridge(4000), { ...hello('extension'), browser_pid: 5000 })
  const others = [
    await world.connect(ofBridge(), hello('extension')),
    await world.connect(ofBridge(6000)),
    await world.connect(hello('command-line')),
    await world.connect({ ...hello('extension'), browser_pid: 7000 }),
  ]
  const asked = world.questions.ask(new AbortController().signal)
  await settle()
  const question = extension.received.find(message => message.type === 'ask-windows')
  assert.ok(question?.type === 'ask-windows')
  for (const other of others) {
    assert.ok(!other.received.some(({ type }) => type === 'ask-windows'))
    await other.say({ type: 'own-windows', ask: question.ask, windows: [own] })
  }
  await extension.say({ type: 'own-windows', ask: question.ask, windows: [own] })
  assert.deepEqual(await asked, [{ pid: 4000, windows: [own] }])
  await world.end()
})

test('a bridge that says hello again, for another browser, is refused', async () => {
  const world = await start()
  const client = await world.connect({ ...hello('bridge'), browser_pid: 4000 }, hello('extension'))
  await client.say({ ...hello('bridge'), browser_pid: 5000 })
  assert.ok(client.closed)
  await world.end()
})
