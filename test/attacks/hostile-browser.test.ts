import assert from 'node:assert/strict'
import { test } from 'node:test'
import { consentVersion } from '../../protocol/consent.ts'
import type { AgentMessage } from '../../protocol/messages.ts'
import { type AgentSocket, helloOfTest, openAgentSocket, tapAgent } from '../support/agent-tap.ts'
import { openWithAge } from '../support/opened-objects.ts'
import { type Stage, type StageOptions, startAgent, startScenario, untilStatus } from '../support/scenario.ts'
import { waitFor } from '../support/wait-for.ts'

/**
 * As an attacker who has taken over the extension, or the bridge: everything that a connection of a browser
 * can say, to a tracker as it is installed, on a desktop that shows notifications and on one that does not.
 */
const bridge = { ...helloOfTest, program: 'bridge', name: 'chromium' } as const

/** One page with what is to be stolen on it is not needed: the picture of any display would do. */
async function attack(options?: StageOptions) {
  const stage = await startScenario(options)
  await startAgent(stage)
  const socket = await openAgentSocket(stage.home.places)
  socket.send(bridge)
  let count = 0
  return {
    stage,
    socket,
    async ask(type: string, fields: object = {}): Promise<AgentMessage> {
      const id = String(++count)
      socket.send({ type, id, ...fields })
      return answerTo(socket, id)
    },
    async [Symbol.asyncDispose]() {
      socket[Symbol.dispose]()
      await stage[Symbol.asyncDispose]()
    },
  }
}

const answerTo = (socket: AgentSocket, id: string) =>
  waitFor(`an answer to ${id}`, () =>
    socket.messages.find(
      message => (message.type === 'done' || message.type === 'failed') && message.id === id,
    ),
  )
const codeOf = (answer: AgentMessage) => (answer.type === 'failed' ? answer.problem.code : answer.type)

async function recordsOf(stage: Stage) {
  assert.equal((await stage.cli('stop')).exit, 0)
  return (await openWithAge(stage.home.places.delivered, stage.home.places.identity)).records
}

test('it consents, switches blur and notices off and takes a screenshot: it gets no picture and is seen', async () => {
  await using world = await attack()
  const { stage, socket, ask } = world
  assert.equal(codeOf(await ask('acknowledge', { text_version: consentVersion })), 'done')
  const changes: [string, unknown][] = [
    ['blur_screenshots', false],
    ['screenshot_notice', 'off'],
    ['hold_screenshots', 59],
    ['blur_private_windows', false],
    ['trusted_devices', 'robot'],
  ]
  const ids = changes.map(([name, value], at) => {
    socket.send({ type: 'change-setting', id: `s${at}`, name, value })
    return `s${at}`
  })
  for (const id of ids) assert.equal(codeOf(await answerTo(socket, id)), 'done')
  using tap = await tapAgent(stage.home.places)
  await untilStatus(tap, 'tracking', ({ state }) => state.kind === 'tracking')
  assert.equal(codeOf(await ask('screenshot-now')), 'done')
  const { screenshots } = await untilStatus(tap, 'one held', status => status.screenshots.held.length > 0)
  const [held] = screenshots.held
  assert.ok(held && !held.blurred)

  for (const size of ['small', 'large'])
    assert.equal(codeOf(await ask('preview-held', { object: held.object, size })), 'PICTURE_LOCKED')
  const waiting = await ask('unlock-pictures')
  assert.ok(waiting.type === 'failed' && waiting.problem.code === 'CONFIRMATION_WAITS')
  const code = waiting.problem.detail
  assert.equal(codeOf(await ask('confirm', { code, answer: 'accept' })), 'NOT_FROM_BROWSER')
  assert.equal(codeOf(await ask('preview-held', { object: held.object, size: 'small' })), 'PICTURE_LOCKED')
  assert.ok(!socket.bytes().includes('held-preview'))
  // What the person allows is shown, and a blurred one needs nothing.
  assert.equal((await stage.cli('confirm', code ?? '', '--yes')).exit, 0)
  assert.equal(codeOf(await ask('preview-held', { object: held.object, size: 'small' })), 'done')
  assert.ok(socket.bytes().includes('held-preview'))

  const shown = stage.notifications?.shown.join('\n') ?? ''
  for (const words of [
    'Consent to recording',
    'Blur screenshots',
    'When a screenshot is taken',
    'Hold screenshots',
    'private windows',
    'Trusted devices',
  ])
    assert.match(shown, new RegExp(`Changed by the browser chromium: .*${words}`))
  assert.match(shown, /Undo: activity-tracker undo/)
  assert.ok((stage.notifications?.shown.length ?? 9) <= 3, 'several within a moment are one announcement')

  const undone = await stage.cli('undo', '--all')
  assert.equal(undone.exit, 0, undone.stderr)
  const settings = JSON.parse((await stage.cli('settings', 'get', '--json')).stdout)
  assert.deepEqual(
    changes.map(([name]) => settings[name]),
    [true, 'badge', 60, true, ''],
  )
  await untilStatus(tap, 'the consent to be withdrawn', ({ state }) => state.kind === 'consent-needed')

  const records = await recordsOf(stage)
  const by = records.flatMap(record =>
    'by' in record && record.kind !== 'screenshot.blurred' ? [`${record.kind} by ${record.by}`] : [],
  )
  for (const what of [
    'consent.given by chromium',
    'setting.changed by chromium',
    'weakening.announced by chromium',
    'confirmation.asked by chromium',
    'confirmation.accepted by chromium',
    'setting.changed by command line',
    'weakening.undone by command line',
    'consent.withdrawn by command line',
  ])
    assert.ok(by.includes(what), `${what} in ${by.join(', ')}`)
  const shot = records.find(({ kind }) => kind === 'screenshot')
  assert.equal(shot?.kind === 'screenshot' && shot.asked_by, 'chromium')
})

test('where nothing can be announced it changes nothing before the person allows it; strengthening needs nothing', async () => {
  await using world = await attack({ without: 'notifications' })
  const { stage, ask } = world
  assert.equal(codeOf(await ask('acknowledge', { text_version: consentVersion })), 'CONFIRMATION_WAITS')
  using tap = await tapAgent(stage.home.places)
  const status = await untilStatus(tap, 'a question', ({ confirmation }) => confirmation !== null)
  assert.equal(status.state.kind, 'consent-needed')
  const told = await stage.cli('status')
  assert.match(told.stdout, /Waiting for your answer: Start recording\?/)
  assert.ok(told.stdout.includes(`→ Answer: activity-tracker confirm ${status.confirmation?.code}`))
  const waiting = await stage.cli('confirm')
  assert.match(
    waiting.stdout,
    /Start recording\?[\s\S]*Consent to recording: not given → given[\s\S]*Requested by the browser chromium/,
  )
  const other = await ask('change-setting', { name: 'blur_screenshots', value: false })
  assert.equal(codeOf(other), 'CONFIRMATION_BUSY')
  assert.equal((await stage.cli('confirm', status.confirmation?.code ?? '', '--yes')).exit, 0)
  await untilStatus(tap, 'tracking', ({ state }) => state.kind === 'tracking')

  const blur = { name: 'blur_screenshots', value: false }
  for (let refusal = 1; refusal <= 3; refusal++) {
    const answer = await ask('change-setting', blur)
    assert.ok(answer.type === 'failed' && answer.problem.code === 'CONFIRMATION_WAITS')
    assert.equal((await stage.cli('confirm', answer.problem.detail ?? '', '--no')).exit, 0)
  }
  assert.equal(codeOf(await ask('change-setting', blur)), 'CONFIRMATION_LOCKED')
  assert.equal(codeOf(await ask('unlock-pictures')), 'CONFIRMATION_LOCKED')
  assert.equal((await tap.settings()).blur_screenshots, true)

  assert.equal(codeOf(await ask('change-setting', { name: 'hold_screenshots', value: 600 })), 'done')
  assert.equal(codeOf(await ask('pause', { until: null })), 'done')
  const records = await recordsOf(stage)
  const refused = records.filter(({ kind }) => kind === 'confirmation.refused')
  assert.equal(refused.length, 3)
})

test('it opens past days: it gets nothing decrypted before the person allows that, which no other yes does for it', async () => {
  await using world = await attack()
  const { stage, socket, ask } = world
  assert.equal(codeOf(await ask('acknowledge', { text_version: consentVersion })), 'done')
  using tap = await tapAgent(stage.home.places)
  await untilStatus(tap, 'tracking', ({ state }) => state.kind === 'tracking')
  assert.equal(codeOf(await ask('screenshot-now')), 'done')
  const { screenshots, today } = await untilStatus(
    tap,
    'one held',
    status => status.screenshots.held.length > 0,
  )
  const object = screenshots.held[0]?.object
  const decrypted = () => /"(opening|opened-\w+)"/.test(socket.bytes().toString())

  // Sharp previews are another question.
  assert.equal((await stage.cli('unlock')).exit, 0)
  for (const span of ['day', 'week'])
    assert.equal(codeOf(await ask('open-days', { date: today.date, span })), 'CONFIRMATION_WAITS')
  assert.equal(codeOf(await ask('show-opened', { object, size: 'large' })), 'DAYS_LOCKED')
  const { confirmation } = await untilStatus(tap, 'a question', status => status.confirmation !== null)
  const { code = '', question = '', by } = confirmation ?? {}
  assert.match(question, /^Decrypt past days/)
  assert.equal(by, 'chromium')
  assert.equal(codeOf(await ask('confirm', { code, answer: 'accept' })), 'NOT_FROM_BROWSER')
  assert.equal((await stage.cli('confirm', code, '--no')).exit, 0)
  assert.equal(codeOf(await ask('show-opened', { object, size: 'small' })), 'DAYS_LOCKED')
  assert.ok(!decrypted())

  const again = await ask('open-days', { date: today.date, span: 'day' })
  assert.ok(again.type === 'failed' && again.problem.code === 'CONFIRMATION_WAITS')
  assert.equal((await stage.cli('confirm', again.problem.detail ?? '', '--yes')).exit, 0)
  assert.equal(codeOf(await ask('open-days', { date: today.date, span: 'day' })), 'done')
  assert.ok(decrypted())
  assert.equal(codeOf(await ask('show-opened', { object, size: 'small' })), 'done')
  // Nor is it a door to other files.
  for (const other of ['../identity.txt', `${object}/../../../identity.txt`, 'identity.txt'])
    assert.equal(codeOf(await ask('show-opened', { object: other, size: 'small' })), 'OPENED_GONE')

  const records = await recordsOf(stage)
  assert.deepEqual(
    records.flatMap(record => ('what' in record && record.what === 'opened' ? [record.kind] : [])),
    ['confirmation.asked', 'confirmation.refused', 'confirmation.asked', 'confirmation.accepted'],
  )
})

const names = [
  'a\nb',
  'a\u0000b',
  '\u001b[31mred',
  'a\u202eb',
  '',
  'x'.repeat(10_000),
  'command line',
  'Activity-Tracker',
]
test('a name that could be more than a name is refused, and so is a second hello', async () => {
  await using stage = await startScenario()
  await startAgent(stage)
  const hellos: object[][] = [
    ...names.map(name => [{ ...bridge, name }]),
    [bridge, { ...bridge, name: 'firefox' }],
    [bridge, helloOfTest],
    [helloOfTest, bridge],
    [{ ...bridge, program: 'extension' }, helloOfTest],
  ]
  for (const said of hellos) {
    using socket = await openAgentSocket(stage.home.places)
    socket.send(...said, { type: 'stop', id: 'x' })
    await waitFor('the connection to be closed', () => socket.ended())
    const last = socket.messages.at(-1)
    assert.equal(
      last?.type === 'refused' && last.problem.code,
      'MESSAGE_INVALID',
      JSON.stringify(said).slice(0, 80),
    )
  }
  assert.equal((await stage.processes('agent')).length, 1)
})
