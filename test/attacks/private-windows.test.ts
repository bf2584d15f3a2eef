import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { protocolVersion } from '../../protocol/messages.ts'
import { mostOwnWindows, type OwnWindow } from '../../protocol/own-windows.ts'
import type { Status } from '../../protocol/status.ts'
import { type AgentSocket, type AgentTap, openAgentSocket } from '../support/agent-tap.ts'
import { type Stage, startAgent, startScenario, startTracking } from '../support/scenario.ts'
import { waitFor } from '../support/wait-for.ts'
import { openXWindows } from '../support/x-windows.ts'

/**
 * A browser extension that was taken over, or honest and in another profile, wants a private window to be seen. The
 * windows are made by hand: the browser that they say they are of is this process.
 */
const victimPid = process.pid
const secret = { x: 40, y: 30, width: 700, height: 500 }
const claim: OwnWindow = { left: 40, top: 30, width: 700, height: 500, state: 'open', private: false }
const browser = { classes: ['chromium', 'Chromium'] as [string, string], role: 'browser', pid: victimPid }

let stage: Stage
let tap: AgentTap
const undo = new AsyncDisposableStack()

before(async () => {
  stage = undo.use(await startScenario({ without: 'host', width: 1280, height: 800 }))
  await startAgent(stage)
  for (const words of [
    ['settings', 'set', 'blur_screenshots', 'false'],
    ['settings', 'set', 'screenshot_interval', '3600'],
  ])
    assert.equal((await stage.cli(...words)).exit, 0)
  tap = await startTracking(stage)
  undo.use(await openXWindows(stage.display ?? '')).open({ ...browser, ...secret })
})
after(() => undo.disposeAsync())

/** An extension behind the bridge of the browser `pid`, that answers as `answer` has it. */
async function extension(pid: number, answer: (ask: string, socket: AgentSocket) => void) {
  const socket = await openAgentSocket(stage.home.places)
  const hello = { type: 'hello', protocol: protocolVersion, version: '0.1.0', name: 'chromium' }
  socket.send({ ...hello, program: 'bridge', browser_pid: pid })
  socket.send({ ...hello, program: 'extension' })
  let answered = 0
  const timer = setInterval(() => {
    const questions = socket.messages.filter(message => message.type === 'ask-windows')
    for (; answered < questions.length; answered++) answer(questions[answered]?.ask ?? '', socket)
  }, 5)
  await waitFor('the welcomes', () => socket.messages.filter(({ type }) => type === 'welcome').length === 2)
  return {
    socket,
    hello,
    [Symbol.dispose]() {
      clearInterval(timer)
      socket[Symbol.dispose]()
    },
  }
}

async function blurredFor(): Promise<string[]> {
  const before = (await tap.status()).screenshots.last
  assert.equal((await tap.ask({ type: 'screenshot-now' })).type, 'done')
  const status = await waitFor<Status | undefined>('the screenshot', async () => {
    const now = await tap.status()
    return now.screenshots.last === before ? undefined : now
  })
  return status?.screenshots.blurred.map(({ reason }) => reason) ?? []
}

const says =
  (...windows: OwnWindow[]) =>
  (ask: string, socket: AgentSocket) =>
    socket.send({ type: 'own-windows', ask, windows })

test('the extension of that very profile, which has the window, makes it sharp', async () => {
  using _ = await extension(victimPid, says(claim))
  assert.deepEqual(await blurredFor(), [])
})

const attacks: [what: string, pid: number, answer: (ask: string, socket: AgentSocket) => void][] = [
  ['another profile of that browser says that it has no window', victimPid, says()],
  ['another profile has a window elsewhere', victimPid, says({ ...claim, left: 60 })],
  ['an extension in another browser claims the window', victimPid + 1, says(claim)],
  [
    'an extension says that the window is as large on a finer screen',
    victimPid,
    says({ ...claim, width: 350 }),
  ],
  [
    'an answer comes under a name that was guessed',
    victimPid,
    (_ask, socket) => socket.send({ type: 'own-windows', ask: 'guessed', windows: [claim] }),
  ],
  [
    'an extension calls itself a bridge of that browser',
    victimPid + 1,
    (ask, socket) => {
      socket.send({
        ...{ type: 'hello', protocol: protocolVersion, version: '0.1.0', name: 'chromium' },
        ...{ program: 'bridge', browser_pid: victimPid },
      })
      socket.send({ type: 'own-windows', ask, windows: [claim] })
    },
  ],
  [
    'an extension claims one window more than it may',
    victimPid,
    (ask, socket) =>
      socket.send({
        type: 'own-windows',
        ask,
        windows: Array.from({ length: mostOwnWindows + 1 }, () => claim),
      }),
  ],
  [
    'an extension claims the whole desktop, window by window',
    victimPid,
    says(
      ...Array.from({ length: 200 }, (_, n) => ({
        ...claim,
        left: 10 * (n % 20),
        top: 10 * Math.floor(n / 20),
      })),
    ),
  ],
  [
    'an extension says "none", as earlier versions did',
    victimPid,
    (_ask, socket) => socket.send({ type: 'private-windows', windows: 'none' }),
  ],
]
for (const [what, pid, answer] of attacks)
  test(`${what}: the display stays blurred, and the agent goes on`, async () => {
    using _ = await extension(pid, answer)
    assert.deepEqual(await blurredFor(), ['browser-unmatched'])
  })

test('an answer of before is none: the name of an earlier question counts no more', async () => {
  const asks: string[] = []
  using _ = await extension(victimPid, (ask, socket) => {
    asks.push(ask)
    socket.send({ type: 'own-windows', ask: asks[0], windows: [claim] })
  })
  assert.deepEqual(await blurredFor(), ['browser-unmatched'], 'the second question has another name')
})

test('a window that two connections claim is ordinary for neither', async () => {
  using _one = await extension(victimPid, says(claim))
  using _other = await extension(victimPid, says(claim))
  assert.deepEqual(await blurredFor(), ['browser-unmatched'])
})

test('a private window exactly upon an ordinary one, and claims for every window that there might be', async () => {
  await using windows = await openXWindows(stage.display ?? '')
  await windows.open({ ...browser, ...secret })
  using _ = await extension(victimPid, says(...Array.from({ length: mostOwnWindows }, () => claim)))
  assert.deepEqual(await blurredFor(), ['browser-unmatched'])
})

test('a private window exactly upon an ordinary one is not taken for it', async () => {
  await using windows = await openXWindows(stage.display ?? '')
  await windows.open({ ...browser, ...secret })
  using _ = await extension(victimPid, says(claim))
  assert.deepEqual(await blurredFor(), ['browser-unmatched'])
})

test('no name and no title of a window is in what any client receives', async () => {
  await using windows = await openXWindows(stage.display ?? '')
  await windows.open({ ...browser, x: 200, y: 200, title: 'zephyrusledger - Chromium' })
  await blurredFor()
  assert.ok(!tap.bytes().includes('zephyrusledger'))
})
