import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { openSocket } from '../../native-host/adapters/socket/agent-client.ts'
import { consentVersion } from '../../protocol/consent.ts'
import { encodeFrame, maxBytesIn } from '../../protocol/framing.ts'
import { type AgentTap, helloOfTest } from '../support/agent-tap.ts'
import { builtProgram } from '../support/built-program.ts'
import { openWithAge } from '../support/opened-objects.ts'
import { type Stage, startScenario, untilStatus } from '../support/scenario.ts'
import { waitFor } from '../support/wait-for.ts'
import type { Figure, Promised } from './promise.ts'

const connections = { fast: 200, full: 1000 }
const watchMs = { fast: 45_000, full: 120_000 }
/** Those that may stay, of 32: one is for the test that looks. */
const mostClients = 31
const screenshotEveryS = 10
const intervalS = 10
const mostJitterPercent = 5
const never = new AbortController().signal

/**
 * As many programs as promised, each of which connects again a second after it was sent away. As many of them as may
 * stay prove whose they are, and ask for everything without a pause.
 */
export const manyConnections: Promised = {
  id: 'P14',
  slow: true,
  promise: 'A thousand local connections do not disturb the recording',
  async run({ scale, say }) {
    await using stage = await startScenario({ without: 'host' })
    const agent = spawn(process.execPath, ['--no-warnings', builtProgram('agent'), '--lifetime=stay'], {
      stdio: 'ignore',
      env: stage.env,
    })
    const tap = await stage.tap()
    await tap.ask({ type: 'acknowledge', text_version: consentVersion })
    for (const [name, value] of [
      ['screenshot_interval', screenshotEveryS],
      ['hold_screenshots', 0],
      ['skip_unchanged', false],
    ] as const)
      await tap.ask({ type: 'change-setting', name, value })
    await untilStatus(tap, 'a screenshot', ({ screenshots }) => screenshots.last !== null, 30_000)
    const alone = await watched(watchMs[scale])
    say('alone for a while; now the crowd comes')
    const crowd = gather(stage, connections[scale])
    const crowded = await watched(watchMs[scale])
    const made = crowd.made()
    say(`${crowd.now()} connections, ${made} made`)
    await crowd.leave()
    const asked = performance.now()
    await freshScreenshot(tap)
    const freshMs = performance.now() - asked
    agent.kill('SIGTERM')
    await once(agent, 'exit')
    const { records } = await openWithAge(stage.home.places.delivered, stage.home.places.identity)
    const shots = (span: Span) =>
      gapsOf(
        records.flatMap(record =>
          record.kind === 'screenshot' && isWithin(record.at, span) ? [record.at] : [],
        ),
      )
    const intervals = (span: Span) =>
      records
        .flatMap(record =>
          record.kind === 'interval' && isWithin(record.from, span) ? [record.length_ms] : [],
        )
        // One had begun before the span, and one ends after it.
        .slice(1, -1)
    return {
      kind: 'measured',
      figures: [
        ...jitter('screenshots', shots(alone), shots(crowded), screenshotEveryS * 1000),
        ...jitter('intervals', intervals(alone), intervals(crowded), intervalS * 1000),
        { what: 'connections made', value: made, atLeast: connections[scale] },
      ],
      faults: {
        'programs that connect again and again': connections[scale] - mostClients,
        floods: mostClients,
      },
      freshMs: [freshMs],
      notes: [
        'Jitter is the most that one differs from its time, as a share of the time between two. Beside it stands that of the same computer without the crowd, which is a process on it.',
      ],
    }
  },
}

type Span = { from: number; to: number }

async function watched(ms: number): Promise<Span> {
  const from = Date.now()
  await sleep(ms)
  return { from, to: Date.now() }
}

/** The computer has a jitter of its own, which stands beside it. */
function jitter(
  what: string,
  alone: readonly number[],
  crowded: readonly number[],
  meantMs: number,
): Figure[] {
  // Of none nothing is known, and that falls short.
  const percent = (lengths: readonly number[]) =>
    lengths.length === 0
      ? Number.NaN
      : (100 * Math.max(...lengths.map(length => Math.abs(length - meantMs)))) / meantMs
  return [
    { what: `jitter of ${what}`, value: percent(crowded), unit: '%', atMost: mostJitterPercent },
    { what: 'without them', value: percent(alone), unit: '%' },
  ]
}

function gapsOf(instants: readonly string[]): number[] {
  const times = instants.map(instant => Date.parse(instant))
  return times.slice(1).map((time, index) => time - (times[index] ?? time))
}

function isWithin(instant: string, { from, to }: Span): boolean {
  const at = Date.parse(instant)
  return at >= from && at <= to
}

/** As many as may stay know the token and flood; all others are strangers who come again a second after they were sent away. */
function gather({ home }: Stage, count: number) {
  const present = new Set<Socket>()
  let made = 0
  let over = false
  const running = Array.from({ length: count }, async (_, index) => {
    while (!over) {
      const isClient = index < mostClients
      const socket = await (isClient ? openSocket(home.places, never) : dial(home.places.socket)).catch(
        () => undefined,
      )
      if (socket) {
        made++
        present.add(socket)
        socket.on('error', () => undefined).resume()
        if (isClient) flood(socket)
        // It may have come while the others were leaving.
        if (over) socket.destroy()
        if (!socket.closed) await new Promise(resolve => socket.once('close', resolve))
        present.delete(socket)
      }
      if (!over) await sleep(1000)
    }
  })
  return {
    now: () => present.size,
    made: () => made,
    async leave() {
      over = true
      for (const socket of present) socket.destroy()
      await Promise.all(running)
    },
  }
}

function dial(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path)
    socket.once('connect', () => resolve(socket)).once('error', reject)
  })
}

/** As fast as it is read. */
function flood(socket: Socket): void {
  const ask = encodeFrame({ type: 'subscribe', live: true }, maxBytesIn)
  socket.write(encodeFrame(helloOfTest, maxBytesIn))
  const more = () => {
    while (!socket.destroyed && socket.write(ask)) {}
  }
  socket.on('drain', more)
  more()
}

async function freshScreenshot(tap: AgentTap): Promise<void> {
  const { last } = (await tap.status()).screenshots
  await tap.ask({ type: 'screenshot-now' })
  await waitFor('a screenshot', async () => (await tap.status()).screenshots.last !== last)
}
