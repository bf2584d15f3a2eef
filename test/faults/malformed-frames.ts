import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openSocket } from '../../native-host/adapters/socket/agent-client.ts'
import { leanNodeFlags } from '../../native-host/adapters/socket/launch-agent.ts'
import type { Places } from '../../native-host/platform/files/places.ts'
import { encodeFrame, maxBytesIn } from '../../protocol/framing.ts'
import { helloOfTest, tapAgent } from '../support/agent-tap.ts'
import { builtProgram } from '../support/built-program.ts'
import { createTrackerHome, type TrackerHome } from '../support/tracker-home.ts'
import { waitFor } from '../support/wait-for.ts'
import { inParallel } from './in-parallel.ts'
import type { Promised } from './promise.ts'

const frames = { fast: 10_000, full: 1_000_000 }
const bridges = { fast: 10, full: 500 }
/** FUZZ_MINUTES=60 goes on for an hour. */
const fuzzMinutes = Number(process.env.FUZZ_MINUTES ?? 0)
/** What the first ones make the program load and compile is no growth. */
const warmUp = { fast: 5000, full: 10_000 }
const lanes = 16
const throughBridges = 'one through a bridge'
const mostGrowthMiB = 8
/** Only a program that collects when asked shows what it keeps: the rest is a matter of when the collector comes. */
const collecting = ['--expose-gc', '--import', join(import.meta.dirname, 'collect-when-asked.ts')]

export const malformedFrames: Promised = {
  id: 'P13',
  promise: 'Malformed frames, to the agent or through a bridge, end their own connection and nothing else',
  async run({ scale, say }) {
    await using home = await createTrackerHome()
    const agent = await startAgent(home)
    const faults: Record<string, number> = Object.fromEntries(
      [...Object.keys(kinds), throughBridges].map(kind => [kind, 0]),
    )
    const freshMs: number[] = []
    const send = async (bytes: Buffer, kind: string) => {
      await refused(home.places, bytes)
      faults[kind] = (faults[kind] ?? 0) + 1
    }
    await flood(warmUp[scale], send)
    const before = await keptMiB(agent)
    const begun = performance.now()
    let sent = 0
    do {
      await flood(frames[scale] / 20, send)
      sent += frames[scale] / 20
      if ((sent / frames[scale]) % 0.5 === 0)
        say(`${sent} frames, ${((await keptMiB(agent)) - before).toFixed(1)} MiB more than at the beginning`)
    } while (sent < frames[scale] || performance.now() - begun < fuzzMinutes * 60_000)
    const minutes = (performance.now() - begun) / 60_000
    await inParallel(2, Array(bridges[scale]).keys(), async () => {
      await throughBridge(home, malformed().bytes)
      faults[throughBridges] = (faults[throughBridges] ?? 0) + 1
    })
    const growth = (await keptMiB(agent)) - before
    const asked = performance.now()
    using tap = await tapAgent(home.places)
    const { pid } = (await tap.status()).agent
    freshMs.push(performance.now() - asked)
    return {
      kind: 'measured',
      figures: [
        { what: 'frames', value: sent, atLeast: frames[scale] },
        { what: 'crashes', value: pid === agent ? 0 : 1, atMost: 0 },
        { what: 'growth of memory that is kept', value: growth, unit: 'MiB', atMost: mostGrowthMiB },
        { what: 'went on for', value: minutes, unit: 'minutes' },
      ],
      faults,
      freshMs,
      notes: ['FUZZ_MINUTES=60 makes it an hour.'],
    }
  },
}

async function flood(count: number, send: (bytes: Buffer, kind: string) => Promise<void>): Promise<void> {
  await inParallel(lanes, Array(Math.round(count)).keys(), async () => {
    const { kind, bytes } = malformed()
    await send(bytes, kind)
  })
}

const hello = encodeFrame(helloOfTest, maxBytesIn)
const messages = [
  helloOfTest,
  { type: 'subscribe', live: true },
  { type: 'change-setting', id: '1', name: 'x', value: 1 },
]

/** Each of them is one frame that the agent must refuse, perhaps behind a good one. */
const kinds: Record<string, () => Buffer> = {
  noise: () => frameOf(randomBytes(randomInt(1, 400))),
  'noise without a header': () =>
    Buffer.concat([Buffer.of(0xff, 0xff, 0xff, 0xff), randomBytes(randomInt(0, 64))]),
  'too long': () => header(randomInt(maxBytesIn + 1, 2 ** 32)),
  'too deep': () => frameOf('['.repeat(randomInt(17, 30_000))),
  'not UTF-8': () =>
    frameOf(Buffer.concat([Buffer.from('"'), Buffer.of(0xc0 + randomInt(0, 64)), Buffer.from('"')])),
  'cut JSON': () => {
    const text = JSON.stringify(messages[randomInt(messages.length)])
    return frameOf(text.slice(0, randomInt(0, text.length - 1)))
  },
  'a message of another kind': () =>
    frameOf(JSON.stringify({ type: randomBytes(4).toString('hex'), value: 1 })),
  'fields of other types': () =>
    frameOf(JSON.stringify({ ...helloOfTest, protocol: [{}, null, -1, '', 1e99][randomInt(5)] })),
  'behind a hello': () => Buffer.concat([hello, frameOf(randomBytes(randomInt(1, 200)))]),
  'a changed byte': () => {
    const bytes = Buffer.from(hello)
    const at = randomInt(4, bytes.length)
    // A control character is never allowed in JSON text.
    bytes[at] = randomInt(0, 9)
    return bytes
  },
}

function malformed(): { kind: string; bytes: Buffer } {
  const names = Object.keys(kinds)
  const kind = names[randomInt(names.length)] ?? 'noise'
  return { kind, bytes: kinds[kind]?.() ?? Buffer.of() }
}

function frameOf(body: string | Uint8Array): Buffer {
  const bytes = Buffer.from(body)
  return Buffer.concat([header(bytes.length), bytes])
}

function header(length: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(length)
  return bytes
}

/** Resolves once the agent has closed the connection, be it of a stranger or of one of the user's own programs. */
async function refused(places: Places, bytes: Buffer): Promise<void> {
  const socket =
    randomInt(2) === 0 ? connect(places.socket) : await openSocket(places, new AbortController().signal)
  // A connection that is closed while something is on its way to it is reset.
  socket.on('error', () => undefined)
  socket.resume()
  socket.write(bytes)
  await once(socket, 'close')
}

async function throughBridge(home: TrackerHome, bytes: Buffer): Promise<void> {
  const bridge = run('bridge', home, [], [])
  bridge.stdin?.on('error', () => undefined)
  bridge.stdin?.write(bytes)
  const [code] = await once(bridge, 'exit')
  if (code !== 0) throw new Error(`a bridge ended with ${code}`)
}

async function startAgent(home: TrackerHome): Promise<number> {
  const agent = run('agent', home, ['--lifetime=stay'], collecting)
  await waitFor('the agent to answer', async () => {
    using tap = await tapAgent(home.places)
    return (await tap.status()).agent.pid === agent.pid
  })
  return Number(agent.pid)
}

function run(program: 'agent' | 'bridge', home: TrackerHome, words: string[], flags: string[]): ChildProcess {
  return spawn(process.execPath, [...leanNodeFlags, ...flags, builtProgram(program), ...words], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: home.env,
  })
}

/** How much memory the program has after it collected its garbage. */
async function keptMiB(pid: number): Promise<number> {
  process.kill(pid, 'SIGUSR2')
  await sleep(1000)
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) / 1024
}
