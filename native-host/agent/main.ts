import '../platform/process/guard-process.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError, errorRows, toProblem } from '../../protocol/errors.ts'
import type { SessionVariables } from '../../protocol/session-variables.ts'
import { systemClock as clock } from '../adapters/clock/system-clock.ts'
import { openSocket } from '../adapters/socket/agent-client.ts'
import { listenForClients } from '../adapters/socket/agent-server.ts'
import { afterRepairFlag, openStartReport, startSuccessor } from '../adapters/socket/launch-agent.ts'
import { ensureToken } from '../adapters/socket/token.ts'
import { acquireLock, type Lock } from '../adapters/store/lock.ts'
import { openLog } from '../adapters/system/log.ts'
import { stackFrames } from '../kernel/stack-frames.ts'
import { checkPlaces } from '../platform/files/check-places.ts'
import { findPlaces } from '../platform/files/find-places.ts'
import { describeHolder } from '../platform/files/lock-holder.ts'
import { unguarded } from '../platform/process/guard-process.ts'
import { sessionIn, shouldFollow, withSession } from '../platform/process/session-environment.ts'
import { type Agent, compose } from './compose.ts'
import { untilDamaged, untilLastBrowserLeft } from './endings.ts'

/** The one process of a user that records, seals and delivers. Started by a bridge or by the command line. */
type EndReason = 'last-browser-left' | 'asked' | 'signal' | 'session-changed' | 'damaged'

/** Settled once, by the first reason to end. */
const ending = Promise.withResolvers<EndReason>()
const report = openStartReport(process.argv)
const places = await findPlaces({ env: process.env }).catch(giveUp)
const log = openLog(places.log, clock.now)
const staysWithoutBrowser = process.argv.includes('--lifetime=stay')
const repairedLately = process.argv.includes(afterRepairFlag)

/** Into which session of the desktop another agent goes, as the one of this agent has gone. */
let nextSession: SessionVariables | undefined

/** A repair that did not help is not tried again at once. */
const repairEveryMs = 600_000
/** A part that hangs must not keep the counts from being sealed. */
const lastWorkMs = 5000
/** What waits in the outbox gets this long at the end; the rest is delivered at the next start. */
const lastDrainMs = 5000

try {
  process.umask(0o077)
  checkPlaces(places)
  using _lock = await waitForLock()
  const reason = await run()
  const lifetime = staysWithoutBrowser ? 'stay' : 'browser'
  if (reason === 'damaged') startSuccessor(import.meta.filename, lifetime, { kind: 'repair' })
  if (reason === 'session-changed' && nextSession) {
    const env = withSession(process.env, nextSession)
    startSuccessor(import.meta.filename, lifetime, { kind: 'session', env })
  }
} catch (error) {
  const problem = toProblem(error)
  log({ event: 'agent-failed', ...problem, ...stackFrames(error), pid: process.pid })
  report.failed(problem)
  process.exitCode = errorRows[problem.code].exit
} finally {
  // A native module or a socket that lingers must not keep a second life going.
  process.exit()
}

/** There is no log to write it to: it would lie in the place that was not found. */
function giveUp(error: unknown): never {
  const problem = toProblem(error)
  report.failed(problem)
  process.exit(errorRows[problem.code].exit)
}

async function run(): Promise<EndReason> {
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.on(name, () => ending.resolve('signal'))
  const work = new AbortController()
  const serving = new AbortController()
  const agent = await compose(
    {
      ...{ places, clock, log, followSession },
      program: import.meta.filename,
      repaired: repairedLately,
      stop: () => ending.resolve('asked'),
    },
    work.signal,
  )
  agent.begin()
  await listenForClients(
    {
      socket: places.socket,
      token: await ensureToken(places.token),
      onClient: agent.serve,
      onRefused: problem => log({ event: 'client-refused', ...problem }),
    },
    serving.signal,
  )
  log({ event: 'agent-started', pid: process.pid })
  if (unguarded.length > 0) log({ event: 'memory-unguarded', detail: unguarded.join(', ') })
  report.started()

  const working = agent.run()
  if (!staysWithoutBrowser)
    void untilLastBrowserLeft(agent.clients, agent.settings).then(() => ending.resolve('last-browser-left'))
  void untilDamaged(agent.problems, repairedLately ? repairEveryMs : 0).then(() => ending.resolve('damaged'))
  const reason = await Promise.race([ending.promise, working.then(() => 'signal' as const)])

  // New clients first get no answer, then the next agent: it waits for our lock.
  serving.abort()
  work.abort()
  const hangs = await Promise.race([working.then(() => false), sleep(lastWorkMs, true)])
  if (hangs) log({ event: 'work-hangs' })
  await finish(agent, reason)
  log({ event: 'agent-ended', detail: reason, pid: process.pid })
  return reason
}

async function finish(agent: Agent, reason: EndReason): Promise<void> {
  const { lifecycle, keyRecorder, sealing, drain, db } = agent
  try {
    // Every write from now on goes into a damaged file.
    if (reason === 'damaged') return
    await keyRecorder.follow()
    lifecycle.note({ kind: 'agent.ended', reason })
    await sealing.sealAll()
    await drain.drainNow(AbortSignal.timeout(lastDrainMs))
    lifecycle.ended(reason)
  } catch (error) {
    // Everything that was accepted is on the disk; the next start goes on from there.
    log({ event: 'end-incomplete', ...toProblem(error) })
  } finally {
    db.close()
  }
}

/** Ends, so that a successor goes on in that session, if the one of this agent has gone. */
function followSession(session: SessionVariables): void {
  const follow = async () => {
    if (!(await shouldFollow(sessionIn(process.env), session))) return
    nextSession ??= session
    log({ event: 'session-changed' })
    ending.resolve('session-changed')
  }
  void follow()
}

/**
 * A process that holds the lock and answers is the one agent there should be. One that holds it and has no socket is
 * starting or ending: wait, because the program that started us needs an agent. Two never work side by side.
 * @throws AppError ALREADY_RUNNING | AGENT_NOT_ANSWERING and the like | STORE_NOT_WRITABLE
 */
async function waitForLock(): Promise<Lock> {
  const deadline = performance.now() + 15_000
  for (;;) {
    const lock = acquireLock(places.lockDb)
    if (lock) return lock
    if (await agentAnswers()) throw new AppError('ALREADY_RUNNING')
    if (performance.now() > deadline) throw new AppError('AGENT_NOT_ANSWERING', holderOf(places.lockDb))
    await sleep(50)
  }
}

async function agentAnswers(): Promise<boolean> {
  try {
    const socket = await openSocket(places, new AbortController().signal)
    socket.destroy()
    return true
  } catch (error) {
    if (error instanceof AppError && error.code === 'AGENT_UNREACHABLE') return false
    throw error
  }
}

function holderOf(lock: string) {
  const detail = describeHolder(lock)
  return detail === undefined ? {} : { detail }
}
