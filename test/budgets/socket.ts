import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { TestContext } from 'node:test'
import { openSocket } from '../../native-host/adapters/socket/agent-client.ts'
import { listenForClients } from '../../native-host/adapters/socket/agent-server.ts'
import { readStartReport } from '../../native-host/adapters/socket/launch-agent.ts'
import { ensureToken } from '../../native-host/adapters/socket/token.ts'
import type { ClientChannel } from '../../native-host/clients/ports.ts'
import { budgets } from '../../native-host/kernel/budgets.ts'
import { waitFor } from '../support/wait-for.ts'

async function createWorld() {
  const folder = await mkdtemp(join(tmpdir(), 'at-'))
  const [socket, token] = [join(folder, 'run', 'agent.sock'), join(folder, 'token')]
  const ending = new AbortController()
  const channels: ClientChannel[] = []
  const sockets: Socket[] = []
  const refusals: string[] = []
  const follow = (opened: Socket) => {
    sockets.push(opened)
    opened.on('error', () => undefined)
    return opened
  }
  await listenForClients(
    {
      socket,
      token: await ensureToken(token),
      onClient: channel => void channels.push(channel),
      onRefused: ({ code }) => void refusals.push(code),
    },
    ending.signal,
  )
  return {
    channels,
    refusals,
    client: async () => follow(await openSocket({ socket, token, lockDb: '' }, ending.signal)),
    async stranger() {
      const opened = follow(connect(socket))
      await once(opened, 'connect')
      opened.resume()
      return opened
    },
    async [Symbol.asyncDispose]() {
      ending.abort()
      for (const opened of sockets) opened.destroy()
      await rm(folder, { recursive: true })
    },
  }
}

/** The bytes that a client gets that was sent so many while it read none, and whether the connection was ended. */
async function readLate(bytes: number): Promise<{ got: number; ended: boolean }> {
  await using world = await createWorld()
  const client = await world.client()
  client.pause()
  await waitFor('the channel', () => world.channels.length === 1)
  const around = 4 + Buffer.byteLength(JSON.stringify({ type: 'welcome', protocol: 1, version: '' }))
  const largest = 1024 * 1024
  // Nothing is taken from what waits before this loop is over. The first is more than the kernel takes at once.
  for (let left = bytes; left > 0; ) {
    const next = left - largest < around ? left : largest
    world.channels[0]?.send({ type: 'welcome', protocol: 1, version: 'x'.repeat(next - around) })
    left -= next
  }
  let got = 0
  let ended = false
  client.on('close', () => {
    ended = true
  })
  client.on('data', chunk => {
    got += chunk.length
  })
  client.resume()
  await waitFor('all of it, or the end', () => ended || got === bytes)
  return { got, ended }
}

export const socketTrials = {
  async clients() {
    await using world = await createWorld()
    const { most } = budgets.clients
    const clients = await Promise.all(Array.from({ length: most }, () => world.client()))
    await waitFor('all of them', () => world.channels.length === most)
    assert.deepEqual(world.refusals, [])
    await world.client()
    await waitFor('the refusal', () => world.refusals.length === 1)
    assert.deepEqual(world.refusals, ['AGENT_CROWDED'])
    assert.ok(clients.every(client => !client.destroyed))
  },

  async strangers() {
    await using world = await createWorld()
    const strangers: Socket[] = []
    for (let n = 0; n < budgets.strangers.most; n++) strangers.push(await world.stranger())
    // A client has been one for a moment, and so pushes one out.
    assert.ok(strangers.every(({ closed }) => !closed))
    await world.stranger()
    await waitFor('the end of the oldest', () => strangers[0]?.closed === true)
    assert.ok(strangers.slice(1).every(({ closed }) => !closed))
  },

  async handshakeTime(t: TestContext) {
    await using world = await createWorld()
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const stranger = await world.stranger()
    // It has been let in.
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
    t.mock.timers.tick(budgets.handshakeTime.most - 1)
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
    assert.equal(stranger.closed, false)
    t.mock.timers.tick(1)
    for (let turn = 0; turn < 500 && !stranger.closed; turn++) await new Promise(setImmediate)
    assert.equal(stranger.closed, true)
  },

  async startReport() {
    const { most } = budgets.startReport
    const said = (bytes: number) => {
      const report = JSON.stringify({ code: 'DISK_FULL' })
      return readStartReport(Readable.from([Buffer.from(report.padEnd(bytes))]))
    }
    assert.equal((await said(most))?.code, 'DISK_FULL')
    assert.equal((await said(most + 1))?.code, 'AGENT_START_FAILED')
  },

  async unreadBytes() {
    const { most } = budgets.unreadBytes
    assert.deepEqual(await readLate(most), { got: most, ended: false })
    const { got, ended } = await readLate(most + 1)
    assert.ok(ended && got < most, `${got} bytes`)
  },
}
