import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { openSocket } from '../../native-host/adapters/socket/agent-client.ts'
import { lockHolder } from '../../native-host/platform/files/lock-holder.ts'
import { placesOf } from '../../native-host/platform/files/places.ts'
import { AppError, type ErrorCode } from '../../protocol/errors.ts'
import { protocolVersion } from '../../protocol/messages.ts'
import { tapAgent } from '../support/agent-tap.ts'
import { builtProgram } from '../support/built-program.ts'
import { endProcess } from '../support/processes.ts'
import { mountSmallDisk } from '../support/small-disk.ts'
import { allowTracker, createTrackerHome, type TrackerHome } from '../support/tracker-home.ts'
import { waitFor } from '../support/wait-for.ts'
import { type Condition, type ConditionGroup, expect, NotHere } from './condition.ts'

const takeoverWithinMs = 2000
const never = new AbortController().signal

function atHome(
  what: string,
  act: (home: TrackerHome) => Promise<string>,
  speed: Condition['speed'] = 'slow',
) {
  return {
    what,
    speed,
    async run() {
      await using home = await createTrackerHome()
      return await act(home)
    },
  } satisfies Condition
}

function asRoot(
  what: string,
  act: (home: TrackerHome) => Promise<string>,
  speed: Condition['speed'] = 'slow',
): Condition {
  const condition = atHome(what, act, speed)
  return {
    ...condition,
    async run() {
      if (process.getuid?.() !== 0) throw new NotHere('only root can bring this about')
      return condition.run()
    },
  }
}

export const oneTracker: ConditionGroup = {
  name: 'tracker',
  conditions: [
    atHome('a second one is started beside the first', async home => {
      const first = await startAgent(home)
      const second = await outcomeOf(spawnAgent(home))
      expect(second.code === 'ALREADY_RUNNING', `${second.code}`)
      return `ALREADY_RUNNING after ${second.ms} ms; process ${first} goes on`
    }),
    atHome(
      'it is killed with kill -9',
      async home => {
        const first = await startAgent(home)
        endProcess(first, 'SIGKILL')
        await waitFor('its end', () => !existsSync(`/proc/${first}`), { everyMs: 2 })
        expect(existsSync(home.places.socket), 'its socket is gone')
        const begun = performance.now()
        await startAgent(home)
        const ms = Math.round(performance.now() - begun)
        expect(ms < takeoverWithinMs, `the next answers after ${ms} ms`)
        return `the next answers after ${ms} ms, over the socket that was left behind`
      },
      'fast',
    ),
    atHome('it is stopped (SIGSTOP), and goes on later', async home => {
      const holder = await startAgent(home)
      endProcess(holder, 'SIGSTOP')
      await waitFor('the stop', () => lockHolder(home.places.lockDb)?.stopped)
      const [asked, second] = await Promise.all([
        codeOf(openSocket(home.places, never)),
        outcomeOf(spawnAgent(home)),
      ])
      const cli = await runCli(home, 'status')
      expect(asked === 'AGENT_NOT_ANSWERING' && second.code === asked, `${asked}, ${second.code}`)
      expect(cli.includes(`process ${holder}, which was stopped`), cli)
      endProcess(holder, 'SIGCONT')
      using tap = await tapAgent(home.places)
      expect((await tap.status()).agent.pid === holder, 'another one answers')
      return `AGENT_NOT_ANSWERING (process ${holder}, which was stopped) to clients and to a second start; after SIGCONT the same one answers`
    }),
    atHome('its socket is one that another user listens on', async home => {
      mkdirSync(dirname(home.places.socket), { recursive: true, mode: 0o700 })
      const server = createServer(socket => {
        const challenge = {
          type: 'challenge',
          protocol: protocolVersion,
          nonce: '0'.repeat(64),
          proof: '0'.repeat(64),
        }
        const body = Buffer.from(JSON.stringify(challenge))
        const header = Buffer.alloc(4)
        header.writeUInt32LE(body.length)
        socket.on('error', () => undefined).end(Buffer.concat([header, body]))
      })
      await new Promise<void>(resolve => server.listen(home.places.socket, resolve))
      writeFileSync(home.places.token, Buffer.alloc(32, 1), { mode: 0o600 })
      const code = await codeOf(openSocket(home.places, never))
      server.close()
      expect(code === 'AGENT_NOT_TRUSTED', `${code}`)
      return 'AGENT_NOT_TRUSTED, and it receives nothing'
    }),
    asRoot('the folder of its socket belongs to another user', async home => {
      mkdirSync(dirname(home.places.socket), { recursive: true })
      chownSync(dirname(home.places.socket), 12_345, 12_345)
      const client = await codeOf(openSocket(home.places, never))
      const start = await outcomeOf(spawnAgent(home))
      expect(
        client === 'AGENT_NOT_TRUSTED' && start.code === 'STORE_NOT_WRITABLE',
        `${client}, ${start.code}`,
      )
      return `AGENT_NOT_TRUSTED to clients; a start ends with STORE_NOT_WRITABLE: ${start.detail?.replace(home.root, '')}`
    }),
    atHome('its lock is a folder', async home => {
      mkdirSync(home.places.lockDb, { recursive: true })
      return expectNotWritable(home, 'is not a file')
    }),
    asRoot('its lock belongs to another user', async home => {
      mkdirSync(home.places.home, { recursive: true })
      writeFileSync(home.places.lockDb, '')
      chownSync(home.places.lockDb, 12_345, 12_345)
      return expectNotWritable(home, 'belongs to another user')
    }),
    asRoot('its disk is read-only', async home => {
      await using disk = await mountSmallDisk(home.places.home, 4 * 1024 * 1024)
      if (!disk) throw new NotHere('nothing can be mounted here')
      await allowTracker(home.env)
      const first = await startAgent(home)
      endProcess(first, 'SIGKILL')
      await waitFor('its end', () => !existsSync(`/proc/${first}`))
      await disk.allow('ro')
      return await expectNotWritable(home, '')
    }),
    asRoot('a person started it in a folder of a drive, and takes the drive out', takeDriveOut, 'fast'),
    {
      what: 'two people have one each on one computer',
      speed: 'fast',
      run: meetNobody,
    },
  ],
}

/** Relative paths go on meaning what they mean where the person stands. */
async function takeDriveOut(home: TrackerHome): Promise<string> {
  await using disk = await mountSmallDisk(join(home.root, 'drive'), 4 * 1024 * 1024)
  if (!disk) throw new NotHere('nothing can be mounted here')
  const env = { ...home.env, ACTIVITY_TRACKER_HOME: '../tracker' }
  const cli = (...words: string[]) =>
    runToEnd(process.execPath, ['--no-warnings', builtProgram('cli'), ...words], env, disk.folder)
  const started = await cli('start', '--acknowledge')
  await cli('keys', 'export', 'recovery.txt')
  const left = readdirSync(disk.folder)
  expect(left.join() === 'recovery.txt', `${left.join()} on the drive; ${started}`)
  using tap = await tapAgent(home.places)
  const { pid } = (await tap.status()).agent
  // Fails when anything of ours is there; the lazy one of the test does not.
  await promisify(execFile)('umount', [disk.folder])
  await promisify(execFile)('mount', ['-t', 'tmpfs', 'tmpfs', disk.folder])
  return `process ${pid} works in ${readlinkSync(`/proc/${pid}/cwd`)}, and the drive can be unmounted`
}

/** Each with a folder of their own, and what one can do to the tracker of the other. */
async function meetNobody(): Promise<string> {
  if (process.getuid?.() !== 0) throw new NotHere('only root can be two people')
  const root = await mkdtemp(join(tmpdir(), 'at-'))
  chmodSync(root, 0o755)
  const people = [12_345, 12_346].map(uid => {
    const home = join(root, `${uid}`)
    mkdirSync(home)
    chownSync(home, uid, uid)
    // Open to every user, as on many systems: what is in it has to protect itself.
    chmodSync(home, 0o755)
    const env = { PATH: process.env.PATH, HOME: home, LANG: 'C.UTF-8' }
    return { uid, env, places: placesOf(env) }
  })
  const agents: ChildProcess[] = []
  try {
    for (const { uid, env } of people)
      agents.push(
        spawn('setpriv', [...as(uid), process.execPath, builtProgram('agent'), '--lifetime=stay'], {
          stdio: 'ignore',
          env,
        }),
      )
    for (const { places } of people) await waitFor('both agents', () => existsSync(places.socket))
    const [one, other] = people
    if (!one || !other) throw new Error('there are two')
    const sees = await asUser(one.uid, one.env, 'status')
    expect(/CONSENT_NEEDED|Not tracking/.test(sees), sees)
    const tried = await asUser(one.uid, { ...one.env, HOME: other.env.HOME }, 'status')
    expect(/ACCOUNT_UNKNOWN|AGENT_NOT_TRUSTED|AGENT_UNREACHABLE|STORE_NOT_WRITABLE/.test(tried), tried)
    const reach = await runToEnd('setpriv', [...as(one.uid), 'ls', other.places.home], one.env)
    expect(reach.includes('Permission denied'), reach)
    const modes = [other.places.home, dirname(other.places.socket), other.places.token].map(path =>
      (statSync(path).mode & 0o777).toString(8),
    )
    expect(modes.join() === '700,700,600', modes.join())
    const owners = readdirSync(other.places.home).map(name => statSync(join(other.places.home, name)).uid)
    expect(
      owners.every(uid => uid === other.uid),
      owners.join(),
    )
    return `two agents at once; folder, socket folder and token ${modes.join(', ')}; the other one gets: ${tried.match(/[A-Z]+(_[A-Z]+)+/)?.[0]}, permission denied`
  } finally {
    for (const agent of agents) agent.kill('SIGKILL')
    await Promise.all(agents.map(agent => agent.exitCode ?? agent.signalCode ?? once(agent, 'exit')))
    await rm(root, { recursive: true, force: true, maxRetries: 3 })
  }
}

const as = (uid: number) => [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups']

function asUser(uid: number, env: NodeJS.ProcessEnv, ...words: string[]): Promise<string> {
  return runToEnd(
    'setpriv',
    [...as(uid), process.execPath, '--no-warnings', builtProgram('cli'), ...words],
    env,
  )
}

function runCli(home: TrackerHome, ...words: string[]): Promise<string> {
  return runToEnd(process.execPath, ['--no-warnings', builtProgram('cli'), ...words], home.env)
}

/** Everything that it says. */
async function runToEnd(
  program: string,
  words: string[],
  env: NodeJS.ProcessEnv,
  cwd?: string,
): Promise<string> {
  const running = spawn(program, words, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err] = await Promise.all([text(running.stdout), text(running.stderr)])
  return out + err
}

async function expectNotWritable(home: TrackerHome, why: string): Promise<string> {
  const { code, detail = '', ms } = await outcomeOf(spawnAgent(home))
  expect(code === 'STORE_NOT_WRITABLE' && detail.includes(why), `${code} ${detail}`)
  return `STORE_NOT_WRITABLE after ${ms} ms: ${detail.replace(home.root, '')}`
}

function spawnAgent(home: TrackerHome): ChildProcess {
  const words = ['--no-warnings', builtProgram('agent'), '--lifetime=stay', '--report-start']
  return spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'], env: home.env })
}

/** Resolves with its process once it says its status. */
async function startAgent(home: TrackerHome): Promise<number> {
  const { pid } = spawnAgent(home)
  await waitFor(
    'the agent to answer',
    async () => {
      using tap = await tapAgent(home.places)
      return (await tap.status()).agent.pid === pid
    },
    { everyMs: 10, withinMs: 25_000 },
  )
  return Number(pid)
}

/** What an agent that does not start says. */
async function outcomeOf(agent: ChildProcess): Promise<{ code?: string; detail?: string; ms: number }> {
  const begun = performance.now()
  const pipe = agent.stdio[3]
  const said = pipe && 'read' in pipe ? await text(pipe) : ''
  return { ...JSON.parse(said || '{}'), ms: Math.round(performance.now() - begun) }
}

async function codeOf(connecting: Promise<{ destroy(): void }>): Promise<ErrorCode | undefined> {
  try {
    ;(await connecting).destroy()
    return undefined
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}
