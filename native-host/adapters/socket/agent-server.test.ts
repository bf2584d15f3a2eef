import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { connect, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { mock, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import * as v from 'valibot'
import { toProblem } from '../../../protocol/errors.ts'
import { createFrameDecoder, encodeFrame, maxBytesIn, maxBytesOut } from '../../../protocol/framing.ts'
import { handshakeSchema } from '../../../protocol/handshake.ts'
import { type AgentMessage, parseAgentMessage, protocolVersion } from '../../../protocol/messages.ts'
import { assertWithin } from '../../../test/support/pace.ts'
import { waitFor } from '../../../test/support/wait-for.ts'
import type { ClientChannel } from '../../clients/ports.ts'
import { openSocket } from './agent-client.ts'
import { listenForClients } from './agent-server.ts'
import { ensureToken } from './token.ts'

/** A folder of its own, an agent that answers every command with its id, and clients that can do anything. */
async function createWorld(prefix = 'at-') {
  const folder = await mkdtemp(join(tmpdir(), prefix))
  const socketPath = join(folder, 'run', 'agent.sock')
  const address = { socket: socketPath, token: join(folder, 'token'), lockDb: join(folder, 'lock.db') }
  const refusals: string[] = []
  const ending = new AbortController()
  const channels: ClientChannel[] = []
  const ended = new Set<ClientChannel>()
  const clients: Socket[] = []
  return {
    folder,
    socketPath,
    channels,
    /** Of these no message can come any more. */
    ended,
    end: () => ending.abort(),
    /** Why a connection did not become a client. */
    refusals,
    listen: async () =>
      listenForClients(
        {
          socket: socketPath,
          token: await ensureToken(address.token),
          onClient(channel) {
            channels.push(channel)
            void answer(channel).then(() => ended.add(channel))
          },
          onRefused: ({ code }) => refusals.push(code),
        },
        ending.signal,
      ),
    /** One of the user's programs. */
    connect: async () => follow(await openSocket(address, ending.signal)),
    /** Every connection that reached the socket. */
    async connectUnknown() {
      const socket = connect(socketPath)
      await once(socket, 'connect')
      return follow(socket)
    },
    async [Symbol.asyncDispose]() {
      ending.abort()
      for (const client of clients) client.destroy()
      await rm(folder, { recursive: true, force: true })
    },
  }

  function follow(socket: Socket) {
    clients.push(socket)
    const received: AgentMessage[] = []
    const challenges: unknown[] = []
    let closed = false
    const decoder = createFrameDecoder(maxBytesOut)
    socket.on('data', (chunk: Buffer) => {
      for (const message of decoder.push(chunk))
        if (v.is(handshakeSchema, message)) challenges.push(message)
        else received.push(parseAgentMessage(message))
    })
    socket.on('close', () => {
      closed = true
    })
    socket.on('error', () => undefined)
    return {
      socket,
      received,
      challenges,
      get closed() {
        return closed
      },
      say: (message: unknown) => socket.write(encodeFrame(message, 2 ** 31)),
    }
  }
}

async function answer(channel: ClientChannel): Promise<void> {
  try {
    for await (const message of channel.messages)
      if ('id' in message) channel.send({ type: 'done', id: message.id })
  } catch (error) {
    channel.send({ type: 'refused', problem: toProblem(error) })
  }
  channel.close()
}

const resume = (id: string) => ({ type: 'resume', id })

test('messages go both ways, in order, for several clients at once', async () => {
  await using world = await createWorld()
  await world.listen()
  const clients = [await world.connect(), await world.connect()]
  for (const client of clients) for (const id of ['1', '2', '3']) client.say(resume(id))
  for (const client of clients) {
    await waitFor('three answers', () => client.received.length === 3)
    assert.deepEqual(
      client.received,
      ['1', '2', '3'].map(id => ({ type: 'done', id })),
    )
  }
})

const rawFrame = (bytes: number[], length = bytes.length) => {
  const frame = Buffer.alloc(4 + bytes.length)
  frame.writeUInt32LE(length)
  frame.set(bytes, 4)
  return frame
}
const bad: [name: string, bytes: Uint8Array, code: string][] = [
  ['a length of 4 GiB', rawFrame([], 0xff_ff_ff_ff), 'FRAME_TOO_LARGE'],
  ['a message over the limit', encodeFrame('x'.repeat(maxBytesIn), 2 ** 31), 'FRAME_TOO_LARGE'],
  ['something that is not JSON', rawFrame([0x7b]), 'FRAME_MALFORMED'],
  ['something that is not UTF-8', rawFrame([0x22, 0xff, 0x22]), 'FRAME_MALFORMED'],
  ['nesting without end', encodeFrame(JSON.parse('['.repeat(20) + ']'.repeat(20)), 1000), 'FRAME_MALFORMED'],
  ['a message of no known type', encodeFrame({ type: 'open-sesame' }, 1000), 'MESSAGE_INVALID'],
  [
    'the greeting of another program',
    Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'),
    'FRAME_TOO_LARGE',
  ],
]
for (const [name, bytes, code] of bad)
  test(`${name} ends just that client, which receives ${code}`, async () => {
    await using world = await createWorld()
    await world.listen()
    const [attacker, bystander] = [await world.connect(), await world.connect()]
    attacker.socket.write(bytes)
    // More than is ever read: it must not keep the reason from arriving.
    attacker.socket.write(Buffer.alloc(100_000))
    await waitFor('the end', () => attacker.closed)
    assert.deepEqual(
      attacker.received.map(message => message.type === 'refused' && message.problem.code),
      [code],
    )
    bystander.say(resume('still here'))
    await waitFor('an answer', () => bystander.received.length === 1)
  })

test('a client that sends half a message and leaves is just gone', async () => {
  await using world = await createWorld()
  await world.listen()
  const client = await world.connect()
  client.socket.end(encodeFrame(resume('1'), 1000).subarray(0, 9))
  await waitFor('the end', () => client.closed)
  assert.deepEqual(client.received, [])
})

test('a client that does not read is dropped before it costs more than some megabytes', async () => {
  await using world = await createWorld()
  await world.listen()
  const [slow, quick] = [await world.connect(), await world.connect()]
  slow.socket.pause()
  await waitFor('the channels', () => world.channels.length === 2)
  const [channel] = world.channels
  const before = process.memoryUsage().arrayBuffers
  for (let n = 0; n < 1000 && !slow.closed; n++) {
    channel?.send({ type: 'welcome', protocol: 1, version: 'x'.repeat(100_000) })
    if (n % 50 === 0) await new Promise(setImmediate)
  }
  assert.ok(process.memoryUsage().arrayBuffers - before < 16 * 1024 * 1024)
  slow.socket.resume()
  await waitFor('the end', () => slow.closed)
  quick.say(resume('1'))
  await waitFor('an answer', () => quick.received.length === 1)
})

test('closing does not wait for a client that does not read', async () => {
  await using world = await createWorld()
  await world.listen()
  const slow = await world.connect()
  slow.socket.pause()
  await waitFor('the channel', () => world.channels.length === 1)
  for (let n = 0; n < 20; n++)
    world.channels[0]?.send({ type: 'welcome', protocol: 1, version: 'x'.repeat(100_000) })
  const [channel] = world.channels
  assert.ok(channel)
  channel.close()
  await waitFor('the end of the channel', () => world.ended.has(channel), { withinMs: 3000 })
})

test('32 clients and no more; a place that becomes free is free', async () => {
  await using world = await createWorld()
  await world.listen()
  const clients = await Promise.all(Array.from({ length: 32 }, () => world.connect()))
  await waitFor('all of them to be known', () => world.channels.length === 32)
  const refused = await world.connect()
  await waitFor('the refusal', () => refused.closed)
  assert.deepEqual(
    refused.received.map(message => message.type === 'refused' && message.problem.code),
    ['AGENT_CROWDED'],
  )
  assert.ok(clients.every(client => !client.closed))

  clients[0]?.socket.destroy()
  await waitFor('a free place', async () => {
    const client = await world.connect()
    client.say(resume('1'))
    await waitFor('an answer or the end', () => client.closed || client.received.length > 0)
    return client.received.length > 0
  })
})

test('a socket that a killed agent left behind is replaced', async () => {
  await using world = await createWorld()
  await mkdir(dirname(world.socketPath))
  const program = `require('node:net').createServer().listen(${JSON.stringify(world.socketPath)}, () => console.log('up'))`
  const killed = spawn(process.execPath, ['-e', program])
  await once(killed.stdout, 'data')
  killed.kill('SIGKILL')
  await once(killed, 'exit')
  assert.deepEqual(await readdir(dirname(world.socketPath)), ['agent.sock'])

  await world.listen()
  const client = await world.connect()
  client.say(resume('1'))
  await waitFor('an answer', () => client.received.length === 1)
})

for (const [name, prepare] of [
  ['new', async () => undefined],
  [
    'open to every user until now',
    async (folder: string) => {
      await mkdir(folder)
      await chmod(folder, 0o777)
    },
  ],
] as const)
  test(`a folder that is ${name} is for its owner only`, async () => {
    await using world = await createWorld()
    await prepare(dirname(world.socketPath))
    await world.listen()
    assert.equal((await stat(dirname(world.socketPath))).mode & 0o777, 0o700)
  })

const impossible: [name: string, prepare: (folder: string) => Promise<void>][] = [
  ['a file where the folder should be', folder => writeFile(folder, '')],
  ['a link that may lead anywhere', folder => symlink('/', folder)],
  [
    'a folder in the place of the socket',
    folder => mkdir(join(folder, 'agent.sock', 'x'), { recursive: true }).then(),
  ],
]
for (const [name, prepare] of impossible)
  test(`${name} is STORE_NOT_WRITABLE`, async () => {
    await using world = await createWorld()
    await prepare(dirname(world.socketPath))
    await assert.rejects(world.listen(), { code: 'STORE_NOT_WRITABLE' })
  })

test('the end closes every client and takes the socket away', async () => {
  await using world = await createWorld()
  await world.listen()
  const client = await world.connect()
  world.end()
  await waitFor('the end', () => client.closed)
  assert.deepEqual(await readdir(dirname(world.socketPath)), [])
})

test('who begins when it is over already does not listen', async () => {
  await using world = await createWorld()
  world.end()
  await world.listen()
  await waitFor('the socket to go', async () => (await readdir(dirname(world.socketPath))).length === 0)
})

const nonce = 'a'.repeat(64)
const knock = { type: 'knock', protocol: protocolVersion, nonce }

const strangers: [name: string, says: unknown[], code: string][] = [
  ['speaks without knocking', [resume('1')], 'MESSAGE_INVALID'],
  ['says hello as programs of before did', [{ type: 'hello', protocol: 1 }], 'PROTOCOL_MISMATCH'],
  ['knocks in another protocol', [{ ...knock, protocol: 999 }], 'PROTOCOL_MISMATCH'],
  ['knocks in a protocol that knocks otherwise', [{ type: 'knock', protocol: 999 }], 'PROTOCOL_MISMATCH'],
  ['has a nonce that is none', [{ ...knock, nonce: 'x' }], 'MESSAGE_INVALID'],
  ['cannot prove anything', [knock, { type: 'proof', proof: 'b'.repeat(64) }], 'AGENT_NOT_TRUSTED'],
  ['speaks instead of proving', [knock, resume('1')], 'MESSAGE_INVALID'],
]
for (const [name, says, code] of strangers)
  test(`who ${name} is refused with ${code}, and never was a client`, async () => {
    await using world = await createWorld()
    await world.listen()
    const stranger = await world.connectUnknown()
    for (const message of says) stranger.say(message)
    await waitFor('the end', () => stranger.closed)
    assert.deepEqual(
      stranger.received.map(message => message.type === 'refused' && message.problem.code),
      [code],
    )
    assert.deepEqual(world.refusals, [code])
    assert.deepEqual(world.channels, [])
  })

test('the proof of the agent handed back to it proves nothing', async () => {
  await using world = await createWorld()
  await world.listen()
  const stranger = await world.connectUnknown()
  stranger.say(knock)
  await waitFor('the challenge', () => stranger.challenges.length === 1)
  const { proof } = v.parse(v.object({ proof: v.string() }), stranger.challenges[0])
  stranger.say({ type: 'proof', proof })
  await waitFor('the end', () => stranger.closed)
  assert.deepEqual(world.refusals, ['AGENT_NOT_TRUSTED'])
})

test('nothing of the token is ever sent, and every challenge is another', async () => {
  await using world = await createWorld()
  await world.listen()
  const token = await readFile(join(world.folder, 'token'))
  const seen = new Set<string>()
  for (let n = 0; n < 3; n++) {
    const stranger = await world.connectUnknown()
    stranger.say(knock)
    await waitFor('the challenge', () => stranger.challenges.length === 1)
    const text = JSON.stringify(stranger.challenges)
    assert.ok(!text.includes(token.toString('hex')) && !text.includes(token.toString('base64')))
    seen.add(text)
  }
  assert.equal(seen.size, 3)
})

test('a thousand strangers who hold their places keep out no client that proves itself', async () => {
  await using world = await createWorld()
  await world.listen()
  for (let n = 0; n < 1000; n++) await world.connectUnknown()
  const client = await world.connect()
  client.say(resume('1'))
  await waitFor('an answer', () => client.received.length === 1)
})

test('who stays silent is not listened to for longer than five seconds', async () => {
  await using world = await createWorld()
  await world.listen()
  mock.timers.enable({ apis: ['setTimeout'] })
  try {
    const stranger = await world.connectUnknown()
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
    assert.equal(stranger.closed, false)
    mock.timers.tick(5000)
    for (let turn = 0; turn < 50 && !stranger.closed; turn++) await new Promise(setImmediate)
    assert.equal(stranger.closed, true)
  } finally {
    mock.timers.reset()
  }
})

test('a flood is read at twenty messages a second, in order, and no other client waits for it', async () => {
  await using world = await createWorld()
  await world.listen()
  const [flood, quiet] = [await world.connect(), await world.connect()]
  for (let n = 0; n < 100; n++) flood.say(resume(String(n)))
  const begun = performance.now()
  await waitFor('the first sixty', () => flood.received.length >= 60)
  quiet.say(resume('quiet'))
  await waitFor('an answer', () => quiet.received.length === 1, { everyMs: 1 })
  await assertWithin(1000, performance.now() - begun)
  await waitFor('the rest', () => flood.received.length === 100, { everyMs: 1 })
  assert.ok(performance.now() - begun >= 1900, `${performance.now() - begun} ms`)
  assert.deepEqual(
    flood.received.map(message => message.type === 'done' && message.id),
    Array.from({ length: 100 }, (_, n) => String(n)),
  )
})

test('nothing is kept of those who were refused once they are gone', async () => {
  await using world = await createWorld()
  await world.listen()
  const accepted: WeakRef<Socket>[] = []
  const note = (message: unknown) => {
    accepted.push(new WeakRef(v.parse(v.object({ socket: v.instance(Socket) }), message).socket))
  }
  subscribe('net.server.socket', note)
  const strangers = await Promise.all(Array.from({ length: 20 }, () => world.connectUnknown()))
  for (const stranger of strangers) stranger.say(resume('1'))
  await waitFor('the end', () => strangers.every(({ closed }) => closed), { everyMs: 5 })
  unsubscribe('net.server.socket', note)
  assert.deepEqual([accepted.length, world.refusals.length], [20, 20])
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc')
  const kept = () => {
    collectGarbage()
    return accepted.filter(socket => socket.deref() !== undefined).length
  }
  // Well before the second is over that last words may take. What handled the last one may still hold it.
  await waitFor('their connections to close', () => kept() <= 1, { withinMs: 500, seen: kept })
})

test('a path that is longer than the address of a socket may be leads to the agent all the same', async () => {
  const before = process.cwd()
  await using world = await createWorld(`at-${'long'.repeat(30)}-`)
  await assert.rejects(world.connect(), { code: 'AGENT_UNREACHABLE' })
  await world.listen()
  const mode = (await stat(world.socketPath)).mode & 0o777
  assert.equal(mode, 0o600)
  await world.connect()
  await waitFor('the client', () => world.channels.length === 1)
  assert.equal(process.cwd(), before)
  world.end()
  await waitFor('its end', async () => !(await readdir(join(world.folder, 'run'))).includes('agent.sock'))
})
