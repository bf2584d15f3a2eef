import { statSync } from 'node:fs'
import { readKernelFile } from './read-within.ts'

export type LockHolder = { pid: number; stopped: boolean }

/**
 * Which process holds a lock on the file, as the kernel itself says: a file with a process number in it may be of a
 * process that is long gone. Linux only (proc_locks(5)); undefined elsewhere, and where none is held.
 *
 * Only looks at the file: opening it here would drop the locks that this process has on it.
 */
export function lockHolder(path: string): LockHolder | undefined {
  try {
    const { ino } = statSync(path)
    const lines = readKernelFile('/proc/locks').split('\n')
    for (const line of lines) {
      const [, pid, inode] = /WRITE +(\d+) +\w+:\w+:(\d+) /.exec(line) ?? []
      if (Number(inode) === ino) return { pid: Number(pid), stopped: isStopped(Number(pid)) }
    }
    return undefined
  } catch {
    return undefined
  }
}

/** State T is a process that was stopped by a signal, t one that a debugger holds (proc_pid_stat(5)). */
function isStopped(pid: number): boolean {
  const state = /^\d+ \(.*\) (\w)/s.exec(readKernelFile(`/proc/${pid}/stat`))?.[1]
  return state === 'T' || state === 't'
}

/** In words that follow a sentence. */
export function describeHolder(path: string): string | undefined {
  const holder = lockHolder(path)
  return holder && `process ${holder.pid}${holder.stopped ? ', which was stopped' : ''}`
}
