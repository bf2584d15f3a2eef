import { readdirSync, readFileSync } from 'node:fs'
import { waitFor } from './wait-for.ts'

export type FoundProcess = { pid: number; command: string }

/**
 * The processes whose environment or command line names `folder`: everything that one test started, however detached, and
 * nothing that another program did. Linux only, as the whole end-to-end suite is.
 */
export function processesOf(folder: string): FoundProcess[] {
  const found: FoundProcess[] = []
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue
    const command = textOf(`/proc/${name}/cmdline`)
    // A zombie has an empty command line: it ended, and only waits for its parent to notice.
    if (command === '' || !(textOf(`/proc/${name}/environ`) + command).includes(folder)) continue
    found.push({ pid: Number(name), command: command.replaceAll('\0', ' ').trim() })
  }
  return found
}

/** Empty for a process that has just ended, or belongs to another user. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** Asks every process of `folder` to end, then makes it. */
export async function endProcessesOf(folder: string): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const left = processesOf(folder)
    if (left.length === 0) return
    for (const { pid } of left) endProcess(pid, signal)
    const gone = waitFor('the processes to end', () => processesOf(folder).length === 0, {
      withinMs: 3000,
    })
    await gone.catch(() => undefined)
  }
}

export function endProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    // It ended by itself between the look and the signal.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
