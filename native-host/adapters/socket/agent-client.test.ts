import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { mock, test } from 'node:test'
import { encodeFrame, maxBytesOut } from '../../../protocol/framing.ts'
import {
  type AgentMessage,
  type ClientMessage,
  parseClientMessage,
  protocolVersion,
} from '../../../protocol/messages.ts'
import { sessionIn } from '../../platform/process/session-environment.ts'
import { connectAgent, openSocket, request } from './agent-client.ts'
import { readFrames } from './frames.ts'
import { challengeClient } from './handshake.ts'
import { ensureToken } from './token.ts'

const never = new AbortController().signal
const me = { program: 'command-line', name: 'a test', version: '0.1.0' } as const
const welcome: AgentMessage = { type: 'welcome', protocol: protocolVersion, version: '0.1.0' }

type Answer = AgentMessage | Uint8Array | 'leave'

/** How it answers a client's challenge, if not as an agent does. */
type Door = (frames: AsyncIterator<unknown>, send: (step: unknown) => void) => Promise<boolean>

/** An agent that answers each message with the answer that the test sets. */
async function agentThat(answers: (message: ClientMessage) => Answer[], door?: Door) {
  const folder = await mkdtemp(join(tmpdir(), 'at-'))
  const address = {
    socket: join(folder, 'agent.sock'),
    token: join(folder, 'token'),
    lockDb: join(folder, 'lock.db'),
  }
  const token = await ensureToken(address.token)
  const open: Door = door ?? ((frames, send) => challengeClient(frames, send, token))
  const sockets = new Set<Socket>()
  const heard: ClientMessage[] = []
  const server = createServer(async socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined)
    const frames = readFrames(socket, maxBytesOut)
    if (!(await open(frames, step => socket.write(encodeFrame(step, maxBytesOut))))) return
    for await (const raw of frames) {
      const message = parseClientMessage(raw)
      heard.push(message)
      for (const answer of answers(message)) {
        if (answer === 'leave') socket.end()
        else socket.write(answer instanceof Uint8Array ? answer : encodeFrame(answer, maxBytesOut))
      }
    }
  })
  await new Promise<void>(resolve => server.listen(address.socket, resolve))
  return {
    address,
    heard,
    get connections() {
      return sockets.size
    },
    connect: () => connectAgent(address, me, never),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Says welcome, and then answers commands. */
const agentThatObeys = (answers: (id: string) => Answer[]) =>
  agentThat(message => (message.type === 'hello' ? [welcome] : 'id' in message ? answers(message.id) : []))

test('says hello, and is connected once it is welcome', async () => {
  await using agent = await agentThatObeys(() => [])
  const connection = await agent.connect()
  assert.deepEqual(agent.heard, [
    { type: 'hello', protocol: protocolVersion, session: sessionIn(process.env), ...me },
  ])
  connection.close()
})

test('where no program listens the agent is unreachable', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'at-'))
  try {
    const socket = join(folder, 'run', 'agent.sock')
    const address = { socket, token: join(folder, 'token'), lockDb: join(folder, 'lock.db') }
    await assert.rejects(connectAgent(address, me, never), { code: 'AGENT_UNREACHABLE' })
    await mkdir(dirname(socket))
    await assert.rejects(connectAgent(address, me, never), { code: 'AGENT_UNREACHABLE' })
    await writeFile(socket, '')
    await assert.rejects(openSocket(address, never), { code: 'AGENT_UNREACHABLE' })
  } finally {
    await rm(folder, { recursive: true })
  }
})

const refusals: [name: string, answer: Answer[], error: object][] = [
  [
    'a refusal',
    [{ type: 'refused', problem: { code: 'PROTOCOL_MISMATCH', detail: 'protocol 1 and 2' } }],
    { code: 'PROTOCOL_MISMATCH', detail: 'protocol 1 and 2' },
  ],
  ['a welcome in another protocol', [{ ...welcome, protocol: 99 }], { code: 'PROTOCOL_MISMATCH' }],
  ['another message first', [{ type: 'done', id: '1' }], { code: 'AGENT_UNREACHABLE' }],
  ['no answer and a goodbye', ['leave'], { code: 'AGENT_UNREACHABLE' }],
  ['something that is no frame', [Buffer.from([1, 0, 0, 0, 0x7b])], { code: 'FRAME_MALFORMED' }],
  ['something that never ends', [Buffer.from([0xff, 0xff, 0xff, 0xff])], { code: 'FRAME_TOO_LARGE' }],
  ['a message of no known type', [encodeFrame({ type: 'moo' }, 100)], { code: 'MESSAGE_INVALID' }],
]
for (const [name, answer, error] of refusals)
  test(`hello answered with ${name} is ${Object.values(error)[0]}, and the connection is closed`, async () => {
    await using agent = await agentThat(() => answer)
    await assert.rejects(agent.connect(), error)
    for (let turn = 0; turn < 20 && agent.connections > 0; turn++) await new Promise(setImmediate)
    assert.equal(agent.connections, 0)
  })

test('an agent that takes the connection and says nothing does not answer, after five seconds', async () => {
  await using agent = await agentThat(
    () => [],
    () => new Promise(() => undefined),
  )
  mock.timers.enable({ apis: ['setTimeout'] })
  try {
    const connecting = assert.rejects(agent.connect(), { code: 'AGENT_NOT_ANSWERING' })
    while (agent.connections === 0) await new Promise(setImmediate)
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
    mock.timers.tick(5000)
    await connecting
  } finally {
    mock.timers.reset()
  }
})

const somebody = '0'.repeat(64)
const challenge = { type: 'challenge', protocol: protocolVersion, nonce: somebody, proof: somebody }
const impostors: [name: string, says: unknown, code: string][] = [
  ['proves something else', challenge, 'AGENT_NOT_TRUSTED'],
  ['speaks another protocol', { ...challenge, protocol: 999 }, 'PROTOCOL_MISMATCH'],
  ['refuses', { type: 'refused', problem: { code: 'PROTOCOL_MISMATCH' } }, 'PROTOCOL_MISMATCH'],
  ['welcomes without a word about the token', welcome, 'MESSAGE_INVALID'],
]
for (const [name, says, code] of impostors)
  test(`a listener that ${name} is ${code}, and receives nothing`, async () => {
    const heard = Promise.withResolvers<unknown>()
    const door: Door = async (frames, send) => {
      await frames.next()
      send(says)
      heard.resolve(await frames.next())
      return false
    }
    await using agent = await agentThat(() => [], door)
    await assert.rejects(agent.connect(), { code })
    assert.deepEqual(await heard.promise, { done: true, value: undefined })
  })

test('without a token that only this user knows, no program is trusted', async () => {
  await using agent = await agentThatObeys(() => [])
  await unlink(agent.address.token)
  await assert.rejects(agent.connect(), { code: 'AGENT_NOT_TRUSTED' })
})

test('a socket in a folder that is only a link is not knocked at', async () => {
  await using agent = await agentThatObeys(() => [])
  const link = join(dirname(agent.address.socket), 'link')
  await symlink(dirname(agent.address.socket), link)
  const address = { ...agent.address, socket: join(link, 'agent.sock') }
  await assert.rejects(openSocket(address, never), { code: 'AGENT_NOT_TRUSTED' })
  assert.equal(agent.connections, 0)
})

test('giving up while connecting rejects with the reason', async () => {
  await using agent = await agentThat(() => [])
  await assert.rejects(openSocket(agent.address, AbortSignal.abort(new Error('enough'))), {
    message: 'enough',
  })
})

test('a request resolves with its own answer, after any other messages', async () => {
  await using agent = await agentThatObeys(id => [
    { type: 'settings', settings: {} },
    { type: 'done', id: 'another' },
    { type: 'failed', id: 'yet another', problem: { code: 'DISK_FULL' } },
    { type: 'done', id },
  ])
  const connection = await agent.connect()
  await request(connection, { type: 'resume' })
  await request(connection, { type: 'pause', until: null })
  assert.deepEqual(
    agent.heard.slice(1).map(({ type }) => type),
    ['resume', 'pause'],
  )
  connection.close()
})

test('a request that failed throws the problem, with its detail', async () => {
  await using agent = await agentThatObeys(id => [
    { type: 'failed', id, problem: { code: 'SETTING_INVALID', detail: 'prefix' } },
  ])
  const connection = await agent.connect()
  await assert.rejects(request(connection, { type: 'resume' }), {
    name: 'AppError',
    code: 'SETTING_INVALID',
    detail: 'prefix',
  })
  connection.close()
})

test('an agent that leaves instead of answering is unreachable', async () => {
  await using agent = await agentThatObeys(() => ['leave'])
  const connection = await agent.connect()
  await assert.rejects(request(connection, { type: 'resume' }), { code: 'AGENT_UNREACHABLE' })
})

test('a refusal in the middle of a conversation is thrown, and nothing is left open', async () => {
  await using agent = await agentThatObeys(() => [{ type: 'refused', problem: { code: 'MESSAGE_INVALID' } }])
  const connection = await agent.connect()
  await assert.rejects(request(connection, { type: 'resume' }), { code: 'MESSAGE_INVALID' })
  for (let turn = 0; turn < 20 && agent.connections > 0; turn++) await new Promise(setImmediate)
  assert.equal(agent.connections, 0)
})
