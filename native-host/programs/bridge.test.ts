import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { chromiumExtensionId, firefoxExtensionId } from '../../manifests/extension-ids.ts'
import { createFrameDecoder, encodeFrame, maxBytesOut } from '../../protocol/framing.ts'
import type { ClientMessage } from '../../protocol/messages.ts'
import { builtProgram } from '../../test/support/built-program.ts'
import { allowTracker } from '../../test/support/tracker-home.ts'
import { waitFor } from '../../test/support/wait-for.ts'
import { listenForClients } from '../adapters/socket/agent-server.ts'
import { ensureToken } from '../adapters/socket/token.ts'
import type { ClientChannel } from '../clients/ports.ts'
import { placesOf } from '../platform/files/places.ts'

/** An agent in this process, and a bridge as a browser starts it. */
async function startBridge(browserArguments: string[], outcome: 'greets' | 'refused' = 'greets') {
  const home = await mkdtemp(join(tmpdir(), 'at-'))
  const ending = new AbortController()
  const env = { ...process.env, ACTIVITY_TRACKER_HOME: home }
  const heard: ClientMessage[] = []
  let channel: ClientChannel | undefined
  let agentSawTheEnd = false
  const onClient = async (client: ClientChannel) => {
    channel = client
    for await (const message of client.messages) heard.push(message)
    agentSawTheEnd = true
  }
  await allowTracker(env)
  const places = placesOf(env)
  await listenForClients(
    {
      socket: places.socket,
      token: await ensureToken(places.token),
      onClient: client => void onClient(client),
      onRefused: () => undefined,
    },
    ending.signal,
  )

  const program = builtProgram('bridge')
  const bridge = spawn(process.execPath, ['--no-warnings', program, ...browserArguments], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const received: unknown[] = []
  const decoder = createFrameDecoder(maxBytesOut)
  bridge.stdout.on('data', (chunk: Buffer) => received.push(...decoder.push(chunk)))
  const exited = once(bridge, 'close')
  if (outcome === 'greets') await waitFor('hello', () => heard.length > 0)
  return {
    bridge,
    heard,
    received,
    exited,
    get connected() {
      return channel !== undefined
    },
    get agentSawTheEnd() {
      return agentSawTheEnd
    },
    get channel() {
      assert.ok(channel)
      return channel
    },
    say: (message: ClientMessage) => bridge.stdin.write(encodeFrame(message, 1000)),
    endAgent: () => ending.abort(),
    async [Symbol.asyncDispose]() {
      bridge.kill('SIGKILL')
      ending.abort()
      await exited
      await rm(home, { recursive: true, force: true })
    },
  }
}

const browsers: [name: string, browserArguments: string[]][] = [
  ['chromium', [`chrome-extension://${chromiumExtensionId}/`]],
  ['firefox', ['/home/a/.mozilla/native-messaging-hosts/host.json', firefoxExtensionId]],
]
const ours = [`chrome-extension://${chromiumExtensionId}/`]
for (const [name, browserArguments] of browsers)
  test(`started by ${name}, it says so to the agent first`, async () => {
    await using world = await startBridge(browserArguments)
    const [hello] = world.heard
    assert.deepEqual(hello?.type === 'hello' && [hello.program, hello.name], ['bridge', name])
  })

const others: [what: string, browserArguments: string[]][] = [
  ['another extension', ['chrome-extension://abcdefghijklmnopabcdefghijklmnop/']],
  ['one that puts ours behind its own', ['chrome-extension://abcdefghijklmnopabcdefghijklmnop/', ...ours]],
  ['one of Firefox', ['/home/a/.mozilla/native-messaging-hosts/host.json', 'tracker@example.org']],
  ['one with our id behind its origin', ['moz-extension://x/', firefoxExtensionId]],
  ['a page that has the letters of our id', [`https://${chromiumExtensionId}/`]],
  ['a program that names none', []],
]
for (const [what, browserArguments] of others)
  test(`${what} is refused before the tracker receives it`, async () => {
    await using world = await startBridge(browserArguments, 'refused')
    await world.exited
    assert.deepEqual(world.received, [{ type: 'refused', problem: { code: 'CALLER_REFUSED' } }])
    assert.equal(world.connected, false)
  })

test('messages pass both ways', async () => {
  await using world = await startBridge(ours)
  world.say({ type: 'resume', id: '1' })
  await waitFor('the message', () => world.heard.length === 2)
  assert.deepEqual(world.heard[1], { type: 'resume', id: '1' })
  const answer = { type: 'done', id: '1' } as const
  world.channel.send(answer)
  await waitFor('the answer', () => world.received.length === 1)
  assert.deepEqual(world.received, [answer])
})

test('when the browser closes its end, the bridge ends and the agent knows', async () => {
  await using world = await startBridge(ours)
  world.bridge.stdin.end()
  await world.exited
  await waitFor('the agent to see it', () => world.agentSawTheEnd)
})

test('when the agent refuses, the browser gets its reason and nothing else, and the bridge ends', async () => {
  await using world = await startBridge(ours)
  const refused = {
    type: 'refused',
    problem: { code: 'PROTOCOL_MISMATCH', detail: 'protocol 2 and 1' },
  } as const
  world.channel.send(refused)
  world.channel.close()
  await world.exited
  assert.deepEqual(world.received, [refused])
})

test('when the agent ends, the bridge ends without a word: nothing went wrong', async () => {
  await using world = await startBridge(ours)
  world.endAgent()
  await world.exited
  assert.deepEqual(world.received, [])
})
