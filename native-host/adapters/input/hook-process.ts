import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import * as v from 'valibot'
import { type Problem, toProblem } from '../../../protocol/errors.ts'
import type { InputEvent } from '../../input/input-event.ts'
import type { InputSources } from '../../input/input-sources.ts'
import type { InputSource, InputState } from '../../input/ports.ts'
import { backoffMs } from '../../kernel/backoff.ts'
import { watch } from '../../kernel/signals.ts'
import { mallocForAllDay } from '../../platform/process/malloc-settings.ts'
import { forkProgram } from '../../platform/process/start-program.ts'
import { parseRecords } from './event-records.ts'
import { closeLookRequests, type HookMessage, hookFailures, stopRequest } from './hook-channel.ts'
import { xDisplayProblem } from './x-display.ts'

/**
 * The system-wide hook, in a process of its own (input-hook.ts): the native library aborts without a display and
 * ends its process together with the X server. Here that is a state, and the hook is started again.
 */
export function hookProcess(options: {
  /** input-hook.ts, or input-hook.js of a bundle. */
  path: string
  env?: NodeJS.ProcessEnv
  /** The listener of the other systems, also where X has one of its own. */
  listener?: 'uiohook'
}): InputSource {
  const { env = process.env } = options
  const start = () => startHook(options.path, options.listener ? [`--listener=${options.listener}`] : [], env)
  return {
    async listen(handlers, signal) {
      handlers.onState({ kind: 'starting' })
      for (let failures = 0; !signal.aborted; failures++) {
        const startedAt = performance.now()
        const ended = (await displayProblem(env)) ?? (await runHook(start, env, handlers, signal))
        // A hook that died with its display says nothing about why.
        const problem = (await displayProblem(env)) ?? ended
        if (signal.aborted) return
        handlers.onState({ kind: 'unavailable', problem })
        if (performance.now() - startedAt > steadyAfterMs) failures = 0
        await pause(failures, problem, signal)
      }
    },
  }
}

type Handlers = Parameters<InputSource['listen']>[0]

const hookMessageSchema: v.GenericSchema<unknown, HookMessage> = v.variant('kind', [
  v.object({ kind: v.literal('ready') }),
  v.object({ kind: v.literal('events'), records: v.instance(Float64Array) }),
  v.object({
    kind: v.literal('sources'),
    from: v.number(),
    first: v.number(),
    to: v.number(),
    devices: v.pipe(
      v.array(
        v.object({
          name: v.pipe(v.string(), v.maxLength(300)),
          kind: v.picklist(['pointer', 'keyboard', 'unknown']),
        }),
      ),
      v.maxLength(100),
    ),
    pointerKeys: v.boolean(),
  }),
  v.object({ kind: v.literal('pointer-keys'), on: v.boolean() }),
  v.object({
    kind: v.literal('failed'),
    code: v.picklist(hookFailures),
    detail: v.pipe(v.string(), v.maxLength(200)),
  }),
])

/** A hook that worked this long was fine: its death is the first failure of a new row. */
const steadyAfterMs = 10_000
const readyWithinMs = 5000
const flushWithinMs = 2000
const longestPauseMs = { display: 5000, hook: 30_000 }

function displayProblem(env: NodeJS.ProcessEnv): Promise<Problem | undefined> {
  return process.platform === 'linux' ? xDisplayProblem(env) : Promise.resolve(undefined)
}

/** Under Wayland, X11 tells of input only while an X11 window has the focus: what arrives is true, but not all. */
function stateWhenReady(env: NodeJS.ProcessEnv): InputState {
  const wayland = Boolean(env.WAYLAND_DISPLAY) || env.XDG_SESSION_TYPE === 'wayland'
  return wayland ? { kind: 'unavailable', problem: { code: 'INPUT_WAYLAND' } } : { kind: 'counting' }
}

async function pause(failures: number, problem: Problem, signal: AbortSignal): Promise<void> {
  // Looking for a display costs next to nothing, starting a process does.
  const longestMs = problem.code === 'INPUT_NO_DISPLAY' ? longestPauseMs.display : longestPauseMs.hook
  const ms = backoffMs(failures, Math.random(), { firstMs: 500, longestMs })
  await sleep(ms, undefined, { signal }).catch(() => undefined)
}

/** One life of the hook process. Resolves after it ended and its last events were handed over. */
async function runHook(
  start: () => ChildProcess,
  env: NodeJS.ProcessEnv,
  handlers: Handlers,
  signal: AbortSignal,
): Promise<Problem> {
  if (signal.aborted) return failed('')
  let problem = failed('')
  const hook = start()
  const giveUp = (reason: Problem) => {
    problem = reason
    hook.kill('SIGKILL')
  }
  const late = setTimeout(() => giveUp(failed(`no answer in ${readyWithinMs} ms`)), readyWithinMs)
  hook.on('message', raw => {
    const message = parseMessage(raw)
    switch (message.kind) {
      case 'ready':
        clearTimeout(late)
        handlers.onState(stateWhenReady(env))
        break
      case 'events':
        handlers.onEvents(message.events)
        break
      case 'sources':
        handlers.onSources?.(message)
        break
      case 'pointer-keys':
        handlers.onPointerKeys?.(message.on)
        break
      case 'failed':
        giveUp(message.problem)
        break
      default:
        throw message satisfies never
    }
  })
  const running = new AbortController()
  const askForLooks = () => {
    if (hook.connected && handlers.closely)
      hook.send(closeLookRequests[handlers.closely.value ? 'on' : 'off'], () => undefined)
  }
  askForLooks()
  if (handlers.closely) watch(handlers.closely, askForLooks, running.signal)
  const stop = () => askToStop(hook)
  signal.addEventListener('abort', stop, { once: true })
  await endOf(hook)
  running.abort()
  signal.removeEventListener('abort', stop)
  clearTimeout(late)
  return problem
}

function failed(detail: string): Problem {
  return { code: 'INPUT_HOOK_FAILED', ...(detail && { detail }) }
}

function startHook(path: string, args: string[], env: NodeJS.ProcessEnv): ChildProcess {
  return forkProgram('input-hook', path, {
    env,
    words: args,
    set: mallocForAllDay,
    // Events live for one batch; the heap for young objects would otherwise grow to 48 MB under load. The other flag is
    // that of the agent.
    flags: ['--max-semi-space-size=1', '--efficiency-mode', '--expose-gc'],
  })
}

type ParsedMessage =
  | { kind: 'ready' }
  | { kind: 'events'; events: InputEvent[] }
  | ({ kind: 'sources' } & InputSources)
  | { kind: 'pointer-keys'; on: boolean }
  | { kind: 'failed'; problem: Problem }

function parseMessage(raw: unknown): ParsedMessage {
  try {
    const message = v.parse(hookMessageSchema, raw)
    switch (message.kind) {
      case 'ready':
      case 'sources':
      case 'pointer-keys':
        return message
      case 'events':
        return { kind: 'events', events: parseRecords(message.records) }
      case 'failed':
        return { kind: 'failed', problem: { ...failed(message.detail), code: message.code } }
      default:
        throw message satisfies never
    }
  } catch (error) {
    // Not the hook that belongs to this agent. Nothing that it says can be counted.
    return { kind: 'failed', problem: failed(toProblem(error).code) }
  }
}

function askToStop(hook: ChildProcess): void {
  // A hook that is gone already needs no asking.
  if (hook.connected) hook.send(stopRequest, () => undefined)
  const impatience = setTimeout(() => hook.kill('SIGKILL'), flushWithinMs)
  hook.once('exit', () => clearTimeout(impatience))
}

/** The process left and everything that it had sent was handed over; the one can come before the other. */
async function endOf(hook: ChildProcess): Promise<void> {
  const left = Promise.withResolvers<void>()
  const drained = Promise.withResolvers<void>()
  hook.once('exit', () => left.resolve())
  hook.once('disconnect', () => drained.resolve())
  hook.on('error', () => {
    // Also sent when a signal came too late; only a hook without a pid never started.
    if (hook.pid !== undefined) return
    left.resolve()
    drained.resolve()
  })
  await Promise.all([left.promise, drained.promise])
}
