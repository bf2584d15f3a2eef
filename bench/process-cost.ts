import { readFile } from 'node:fs/promises'

/** USER_HZ: the unit of CPU times in /proc, fixed at 100 a second for every Linux architecture we run on. */
const ticksPerSecond = 100

/** CPU time that a process has used so far, in milliseconds (proc(5): utime and stime). */
export async function cpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  // The second field is the program's name in brackets and may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1000
}

/** Memory of the process that is in RAM, in MB, the shared part included (proc(5): VmRSS). */
export async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024
}

/**
 * What of it is the process's own, in MB (proc(5): RssAnon and RssShmem). The rest are pages of files, above all of Node's
 * program, that were looked at: never more than the files are long, and given up when the system needs room.
 */
export async function ownMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const kb = ['RssAnon', 'RssShmem'].map(name =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]),
  )
  return kb.reduce((total, value) => total + value, 0) / 1024
}

export async function sum(
  pids: readonly number[],
  measure: (pid: number) => Promise<number>,
): Promise<number> {
  return (await Promise.all(pids.map(measure))).reduce((total, value) => total + value, 0)
}
