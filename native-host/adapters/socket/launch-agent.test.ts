import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises'
import { connect as connectTo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mock, test } from 'node:test'
import { AppError } from '../../../protocol/errors.ts'
import { waitFor } from '../../../test/support/wait-for.ts'
import { mallocForAllDay } from '../../platform/process/malloc-settings.ts'
import { ensureAgent, startSuccessor } from './launch-agent.ts'

const never = new AbortController().signal

/** Without a handshake: here it only matters whether a program listens. */
async function dial(path: string): Promise<Socket> {
  const socket = connectTo(path)
  try {
    await once(socket, 'connect')
    return socket
  } catch (cause) {
    throw new AppError('AGENT_UNREACHABLE', { cause })
  }
}

/** Notes its start beside itself, then listens, unless another program already does. */
const listens = `
  import { createServer } from 'node:net'
  import { join } from 'node:path'
  const here = name => join(import.meta.dirname, name)
  import { appendFileSync } from 'node:fs'
  appendFileSync(here('starts'), JSON.stringify({ pid: process.pid, args: process.argv.slice(2) }) + '\\n')
  createServer(socket => socket.end()).on('error', () => process.exit()).listen(here('agent.sock'))
  setTimeout(() => process.exit(), 20_000)
`

async function createWorld(programText = listens) {
  const folder = await mkdtemp(join(tmpdir(), 'at-'))
  const program = join(folder, 'agent.mjs')
  const socketPath = join(folder, 'agent.sock')
  await writeFile(program, programText)
  const starts = async (): Promise<{ pid: number; args: string[] }[]> => {
    const text = await readFile(join(folder, 'starts'), 'utf8').catch(() => '')
    return text.split('\n').flatMap(line => (line ? [JSON.parse(line)] : []))
  }
  return {
    program,
    socketPath,
    starts,
    async ensure(signal = never) {
      const connect = () => dial(socketPath)
      const socket = await ensureAgent({ program, lifetime: 'browser', connect }, signal)
      socket.destroy()
    },
    async [Symbol.asyncDispose]() {
      for (const { pid } of await starts()) {
        try {
          process.kill(pid, 'SIGKILL')
        } catch {
          // It ended by itself.
        }
      }
      // One that was late to start may be writing into it just now.
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  }
}

test('nothing is started when an agent answers', async () => {
  await using world = await createWorld()
  const server = createServer(socket => socket.end())
  await new Promise<void>(resolve => server.listen(world.socketPath, resolve))
  await world.ensure()
  assert.deepEqual(await world.starts(), [])
  server.close()
})

test('an agent that is absent is started, with the lifetime it shall have', async () => {
  await using world = await createWorld()
  await world.ensure()
  assert.deepEqual(
    (await world.starts()).map(({ args }) => args),
    [['--lifetime=browser', '--report-start']],
  )
})

test('it leads a group of its own and holds nothing of ours open', {
  skip: process.platform !== 'linux',
}, async () => {
  await using world = await createWorld()
  await world.ensure()
  const [agent] = await world.starts()
  assert.ok(agent)
  const [, , group] = (await readFile(`/proc/${agent.pid}/stat`, 'utf8')).replace(/^.*\) /, '').split(' ')
  assert.equal(Number(group), agent.pid)
})

test('it and those that follow it keep the folder of the program that started it free', {
  skip: process.platform !== 'linux',
}, async () => {
  await using world = await createWorld(listens.replace('process.exit()', 'undefined'))
  await world.ensure()
  startSuccessor(world.program, 'stay', { kind: 'repair' })
  startSuccessor(world.program, 'stay', { kind: 'session', env: process.env })
  const all = await waitFor('three of them', async () => {
    const starts = await world.starts()
    return starts.length === 3 && starts
  })
  for (const { pid } of all) assert.equal(await readlink(`/proc/${pid}/cwd`), '/')
})

test('its malloc is set to work all day', { skip: process.platform !== 'linux' }, async () => {
  await using world = await createWorld()
  await world.ensure()
  const [agent] = await world.starts()
  assert.ok(agent)
  const environment = (await readFile(`/proc/${agent.pid}/environ`, 'utf8')).split('\0')
  for (const [name, value] of Object.entries(mallocForAllDay))
    assert.ok(environment.includes(`${name}=${value}`), name)
})

test('several who need one at the same moment all reach one', async () => {
  await using world = await createWorld()
  await Promise.all([world.ensure(), world.ensure(), world.ensure()])
  const pids = (await world.starts()).map(({ pid }) => pid)
  const alive = () =>
    pids.filter(pid => {
      try {
        return process.kill(pid, 0)
      } catch {
        return false
      }
    })
  await waitFor('one of them to be left', () => alive().length === 1)
})

test('one that ends at once is AGENT_START_FAILED', async () => {
  await using world = await createWorld('process.exit(1)')
  let now = 0
  const passing = mock.method(performance, 'now', () => (now += 500))
  try {
    await assert.rejects(world.ensure(), { code: 'AGENT_START_FAILED' })
  } finally {
    passing.mock.restore()
  }
})

/** Says on the descriptor for it why it cannot start. */
const says = (problem: object) => `
  import { writeSync } from 'node:fs'
  writeSync(3, ${JSON.stringify(JSON.stringify(problem))})
`

test('one that says why it cannot start is that error, at once', async () => {
  await using world = await createWorld(says({ code: 'DISK_FULL', detail: 'a folder' }))
  await assert.rejects(world.ensure(), { code: 'DISK_FULL', detail: 'a folder' })
})

test('one that was too late is no failure: the other one answers', async () => {
  await using world = await createWorld(says({ code: 'ALREADY_RUNNING' }))
  const server = createServer(socket => socket.end())
  const late = setTimeout(() => server.listen(world.socketPath), 1000)
  await world.ensure()
  clearTimeout(late)
  server.close()
})

test('any other failure to connect is what it is, and nothing is started', async () => {
  await using world = await createWorld()
  const connect = async () => {
    throw new AppError('PROTOCOL_MISMATCH')
  }
  await assert.rejects(ensureAgent({ program: world.program, lifetime: 'stay', connect }, never), {
    code: 'PROTOCOL_MISMATCH',
  })
  assert.deepEqual(await world.starts(), [])
})

test('giving up ends the waiting', async () => {
  await using world = await createWorld('process.exit(1)')
  await assert.rejects(world.ensure(AbortSignal.timeout(100)))
})
