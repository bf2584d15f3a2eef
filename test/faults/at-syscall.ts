import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * Faults at system calls, by strace: it stops one thread at the entry of each call and counts, so that the N-th is the
 * same one in every run. Threads are watched one by one because strace counts for each by itself.
 */

/**
 * The calls after which a disk or a server is different from before, and `read`, after which the program knows what a
 * server has answered. Not every processor has all of them.
 */
const callNames = {
  disk: 'openat mkdir mkdirat write writev pwrite64 fsync fdatasync ftruncate rename renameat unlink unlinkat',
  network: 'connect write writev sendto sendmsg read shutdown',
}

export type CallSet = keyof typeof callNames

const isCallSet = (set: string): set is CallSet => Object.hasOwn(callNames, set)

export type Injection = {
  /** Of the system call, such as fsync. */
  call: string
  /** `kill`: kill -9 at the entry. Otherwise the call fails with this error instead of happening. */
  fault: 'kill' | 'ENOSPC' | 'EROFS' | 'EIO'
  /** Which of the calls of this name, counted from 1. */
  at: number
  /** `once`, or at every call of this name from there on until `detach`. */
  lasting: 'once' | 'until detached'
  /**
   * Only calls on this file are counted and fail. Without it so do those of the C library, which opens files of its own
   * now and then: to count the processors, when two threads want memory at once.
   */
  file?: string
}

export type Traced = {
  /** The thread goes on unwatched. Harmless once it has ended. */
  detach(): Promise<void>
  /** Resolves when an error was put into a call for the first time. */
  injected: Promise<void>
  /** Once the thread has ended or is unwatched: all its calls in order, and which of them the error was put into. */
  calls(): Promise<{ name: string; injected: boolean }[]>
}

/** Makes the fault happen at that call. Resolves once the thread is held. */
export function injectAtSyscall(
  thread: number,
  { call, fault, at, lasting, file }: Injection,
): Promise<Traced> {
  const effect = fault === 'kill' ? 'signal=SIGKILL' : `error=${fault}`
  const when = `when=${at}${lasting === 'once' ? '' : '+'}`
  const only = file === undefined ? [] : ['-P', file]
  return trace(thread, call, ['-e', `inject=${call}:${effect}:${when}`, ...only])
}

/** Only writes down which calls the thread makes, of a set or of one name. */
export function watchSyscalls(thread: number, set: CallSet | (string & {})): Promise<Traced> {
  const names = (isCallSet(set) ? callNames[set] : set).split(' ').map(name => `?${name}`)
  return trace(thread, names.join(','), [])
}

async function trace(thread: number, names: string, more: string[]): Promise<Traced> {
  const strace = spawn(
    'strace',
    ['-p', String(thread), '-e', 'signal=none', '-e', `trace=${names}`, ...more],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  let said = ''
  const attached = Promise.withResolvers<void>()
  const injected = Promise.withResolvers<void>()
  strace.stderr.setEncoding('utf8').on('data', text => {
    said += text
    if (said.includes('attached')) attached.resolve()
    if (said.includes('(INJECTED)')) injected.resolve()
  })
  strace.once('error', attached.reject)
  const ended = once(strace, 'close').then(() => attached.reject(new Error(`strace: ${said.trim()}`)))
  await attached.promise
  return {
    injected: injected.promise,
    async detach() {
      strace.kill('SIGTERM')
      await ended
    },
    async calls() {
      await ended
      // In strace's words: fsync(21) = -1 EIO (Input/output error) (INJECTED)
      const lines = said.split('\n').filter(line => /^\w+\(/.test(line))
      return lines.map(line => ({
        name: line.slice(0, line.indexOf('(')),
        injected: line.endsWith('(INJECTED)'),
      }))
    },
  }
}

/** Why this computer cannot do it; undefined when it can. */
export async function whyNotTraced(): Promise<string | undefined> {
  const victim = spawn('sleep', ['30'], { stdio: 'ignore' })
  await once(victim, 'spawn')
  try {
    const traced = await watchSyscalls(Number(victim.pid), 'disk')
    await traced.detach()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : 'strace cannot watch another process here'
  } finally {
    victim.kill('SIGKILL')
  }
}
