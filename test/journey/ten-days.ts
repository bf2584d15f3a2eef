import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { consentVersion } from '../../protocol/consent.ts'
import type { Day } from '../../protocol/day.ts'
import type { Status } from '../../protocol/status.ts'
import type { AgentTap } from '../support/agent-tap.ts'
import { type HardwareInput, openHardwareInput, someKeycode } from '../support/hardware-input.ts'
import { type S3Server, startS3Server } from '../support/s3-server.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { openTurnedComputer, type TurnedComputer } from '../support/turned-computer.ts'
import { waitFor } from '../support/wait-for.ts'

/** What was put in on a date, exactly. */
export type Injected = { keys: number; clicks: number; wheel: number; distance_px: number }

export type TenDays = {
  server: S3Server
  computer: TurnedComputer
  bucket: string
  prefix: string
  /** By local date. */
  injected: ReadonlyMap<string, Injected>
  /** By local date, as the agent itself shows it afterwards; the last date is not over while it runs. */
  shown: ReadonlyMap<string, Day>
}

type Scene = {
  computer: TurnedComputer
  input: HardwareInput
  injected: Map<string, Injected>
  /** An agent that counts, as this computer starts it. */
  start(): Promise<AgentTap>
}

/** A session of the agent. Returns the agent that is to end, where it is another one. */
type Session = (scene: Scene, tap: AgentTap) => Promise<AgentTap | undefined>

const nothing: Injected = { keys: 0, clicks: 0, wheel: 0, distance_px: 0 }

/** What a person lives through in ten days; UTC. */
const story: readonly (readonly [at: string, session: Session])[] = [
  [
    '2026-10-20T07:00:00Z',
    async (scene, tap) => {
      await work(scene, tap, { keys: 50, clicks: 5 })
      await take(tap)
      return undefined
    },
  ],
  ['2026-10-21T07:30:00Z', pauseAndGoOn],
  [
    '2026-10-22T08:00:00Z',
    async (scene, tap) => {
      await work(scene, tap, { wheel: 7, distance_px: 400 })
      return undefined
    },
  ],
  [
    '2026-10-22T12:00:00Z',
    async (scene, tap) => {
      await work(scene, tap, { keys: 12, distance_px: 240 })
      return undefined
    },
  ],
  ['2026-10-23T07:00:00Z', crashAndGoOn],
  ['2026-10-24T09:00:00Z', script],
  ['2026-10-25T00:59:57Z', endOfSummerTime],
  ['2026-10-26T08:00:00Z', script],
  ['2026-10-26T08:30:00Z', thisWasMe],
  ['2026-10-27T06:00:00Z', flight],
  ['2026-10-28T13:00:00Z', deletedScreenshot],
  [
    '2026-10-29T13:00:00Z',
    async (scene, tap) => {
      await tap.ask({ type: 'change-setting', name: 'hold_screenshots', value: 0 })
      await take(tap)
      await work(scene, tap, { keys: 29, clicks: 2, wheel: 3 })
      return undefined
    },
  ],
]

/** Ten days of one person, made by the real agent with real input, and delivered day by day to a real server. */
export async function recordTenDays(undo: AsyncDisposableStack): Promise<TenDays> {
  const [bucket, prefix] = ['team-records', 'records/lena']
  const computer = undo.use(await openTurnedComputer({ zone: 'Europe/Berlin', at: story[0]?.[0] ?? '' }))
  // On the clock of the computer: a server refuses what was signed on another day.
  const server = undo.use(await startS3Server({ gatewayEnv: computer.clockEnv }))
  await server.createBucket(bucket)
  const settings = {
    ...{ bucket_name: bucket, prefix, endpoint: server.endpoint, region: server.region },
    ...{ credentials: 'environment', screenshot_interval: 3600 },
  }
  await writeFile(computer.home.places.config, JSON.stringify(settings), { mode: 0o600 })
  const input = undo.use(await openHardwareInput(computer.display))
  const scene: Scene = {
    ...{ computer, input, injected: new Map() },
    start: () => startCounting(computer, server),
  }
  const shown = new Map<string, Day>()
  for (const [at, session] of story) {
    await computer.setClock(at)
    const tap = await scene.start()
    for (const date of scene.injected.keys())
      if (date < at.slice(0, 10)) shown.set(date, await dayOf(tap, date))
    const last = (await session(scene, tap)) ?? tap
    await computer.endAgent(last, 'SIGTERM')
  }
  await computer.moveClock(Date.now() - computer.wallMs())
  return { server, computer, bucket, prefix, injected: scene.injected, shown }
}

async function startCounting(computer: TurnedComputer, { owner }: S3Server): Promise<AgentTap> {
  const tap = await computer.startAgent({
    AWS_ACCESS_KEY_ID: owner.accessKeyId,
    AWS_SECRET_ACCESS_KEY: owner.secretAccessKey,
  })
  const { state } = await tap.status()
  if (state.kind === 'consent-needed') await tap.ask({ type: 'acknowledge', text_version: consentVersion })
  await until(
    tap,
    'input to be counted',
    ({ state, input }) => state.kind === 'tracking' && input.state === 'counting',
  )
  return tap
}

/** What is put in is shown before anything else happens. */
async function work(scene: Scene, tap: AgentTap, amount: Partial<Injected>): Promise<void> {
  const { input, injected } = scene
  const { keys, clicks, wheel, distance_px } = { ...nothing, ...amount }
  const { today } = await tap.status()
  if (distance_px > 0) {
    // Where the pointer was before is not known to an agent that has just begun.
    input.jumpTo(0, 10 * injected.size)
    input.moveTo(distance_px, 10 * injected.size)
  }
  for (let press = 0; press < keys; press++) input.pressKey(someKeycode)
  for (let click = 0; click < clicks; click++) input.click()
  input.wheel(wheel)
  await input.flush()
  await count(scene, tap, today, { keys, clicks, wheel, distance_px })
}

/** Waits until the agent shows it, and notes it under its date. */
async function count(
  { injected }: Scene,
  tap: AgentTap,
  before: Injected & { date: string },
  amount: Injected,
): Promise<void> {
  const { today } = await until(tap, JSON.stringify(amount), ({ today }) => {
    const since = today.date === before.date ? before : nothing
    return counts.every(name => today[name] === since[name] + amount[name])
  })
  const known = injected.get(today.date) ?? nothing
  const sum = { ...nothing }
  for (const name of counts) sum[name] = known[name] + amount[name]
  injected.set(today.date, sum)
}

const counts = ['keys', 'clicks', 'wheel', 'distance_px'] as const

async function pauseAndGoOn(scene: Scene, tap: AgentTap): Promise<undefined> {
  await work(scene, tap, { keys: 20 })
  await tap.ask({ type: 'pause', until: null })
  await until(tap, 'a pause', ({ state }) => state.kind === 'paused')
  // Of this nothing may be found anywhere.
  for (let press = 0; press < 9; press++) scene.input.pressKey(someKeycode)
  await scene.input.flush()
  // Shorter than this it would be no gap.
  await sleep(2500)
  await tap.ask({ type: 'resume' })
  await until(tap, 'the end of it', ({ input }) => input.state === 'counting')
  await work(scene, tap, { keys: 30, clicks: 3 })
}

async function crashAndGoOn(scene: Scene, tap: AgentTap): Promise<AgentTap> {
  await work(scene, tap, { keys: 41, clicks: 4 })
  await scene.computer.endAgent(tap, 'SIGKILL')
  await scene.computer.moveClock(600_000)
  const next = await scene.start()
  await work(scene, next, { keys: 17 })
  return next
}

/** A program that jumps and clicks. */
async function script(scene: Scene, tap: AgentTap): Promise<undefined> {
  const { input, injected } = scene
  const { today } = await tap.status()
  const random = seededRandom(injected.size)
  const y = 10 * injected.size
  let [at, distance_px] = [3, 0]
  const clicks = 26
  input.jumpTo(at, y)
  for (let click = 0; click < clicks; click++) {
    const x = Math.round(click % 2 === 0 ? random.uniform(540, 638) : random.uniform(2, 100))
    distance_px += Math.abs(x - at)
    at = x
    input.jumpTo(x, y)
    input.click()
    await input.flush()
    await sleep(random.uniform(40, 110))
  }
  await count(scene, tap, today, { ...nothing, clicks, distance_px })
}

async function endOfSummerTime(scene: Scene, tap: AgentTap): Promise<undefined> {
  await work(scene, tap, { keys: 25 })
  await until(tap, 'winter', ({ time }) => time.offset === '+01:00')
  await work(scene, tap, { keys: 10, clicks: 1 })
}

async function thisWasMe(_scene: Scene, tap: AgentTap): Promise<undefined> {
  const { flagged } = await until(tap, 'the flagged stretch', status => status.flagged !== null)
  await tap.ask({ type: 'withdraw-verdict', from: flagged?.from, to: flagged?.to })
  await until(tap, 'nothing flagged', ({ flagged, today }) => !flagged && today.flagged_seconds === 0)
}

async function flight(scene: Scene, tap: AgentTap): Promise<undefined> {
  await work(scene, tap, { keys: 33 })
  await scene.computer.setZone('America/New_York')
  await until(
    tap,
    'New York',
    ({ time, today }) => time.zone === today.zone && time.zone === 'America/New_York',
  )
  await work(scene, tap, { keys: 22, wheel: 5 })
}

async function deletedScreenshot(scene: Scene, tap: AgentTap): Promise<undefined> {
  await work(scene, tap, { keys: 8 })
  await take(tap)
  const { screenshots } = await until(tap, 'it to be held', ({ screenshots }) => screenshots.held.length > 0)
  await tap.ask({ type: 'delete-held', object: screenshots.held[0]?.object })
  await until(tap, 'it to be gone', ({ screenshots }) => screenshots.held.length === 0)
}

async function take(tap: AgentTap): Promise<void> {
  const { last } = (await tap.status()).screenshots
  await tap.ask({ type: 'screenshot-now' })
  await until(tap, 'a screenshot', ({ screenshots }) => screenshots.last !== last)
}

async function dayOf(tap: AgentTap, date: string): Promise<Day> {
  const answer = await tap.ask({ type: 'show-day', date })
  if (answer.type !== 'day') throw new Error(`${date} is not shown: ${JSON.stringify(answer)}`)
  return answer.day
}

async function until(tap: AgentTap, what: string, accept: (status: Status) => boolean): Promise<Status> {
  return waitFor(
    what,
    async () => {
      const status = await tap.status()
      return accept(status) && status
    },
    { everyMs: 10, seen: () => tap.status() },
  )
}
