import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs'
import { constants } from 'node:os'

/** What root sees of a process from outside, in /proc (proc(5)). Linux only. */

/**
 * Sockets of the process that another program can reach it by: `tcp 127.0.0.1:9229`, `unix /run/agent.sock`.
 */
export function listeningSockets(pid: number): string[] {
  const inodes = new Set(
    names(`/proc/${pid}/fd`).flatMap(fd => {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(link(`/proc/${pid}/fd/${fd}`)) ?? []
      return inode === undefined ? [] : [inode]
    }),
  )
  const internet = ['tcp', 'tcp6', 'udp', 'udp6', 'raw', 'raw6'].flatMap(kind =>
    rows(`/proc/${pid}/net/${kind}`).flatMap(([, local = '', , state, , , , , , inode = '']) => {
      // Of TCP the state says it (0A is LISTEN); what has a port of the others gets all that is sent to it.
      const reachable = kind.startsWith('tcp') ? state === '0A' : state === '07'
      return reachable && inodes.has(inode) ? [`${kind} ${local}`] : []
    }),
  )
  const local = rows(`/proc/${pid}/net/unix`).flatMap(([, , , flags = '', , , inode = '', path = '']) =>
    (Number.parseInt(flags, 16) & acceptsConnections) !== 0 && inodes.has(inode) ? [`unix ${path}`] : [],
  )
  return [...internet, ...local]
}
/** __SO_ACCEPTCON of the kernel's net.h. */
const acceptsConnections = 1 << 16

/** The signals to which the process does something of its own. All others it ignores or dies of, at the kernel's hand. */
export function caughtSignals(pid: number): NodeJS.Signals[] {
  const mask = BigInt(`0x${/^SigCgt:\s+(\w+)$/m.exec(text(`/proc/${pid}/status`))?.[1] ?? '0'}`)
  const signals = Object.entries(constants.signals).filter(([, number]) => (mask >> BigInt(number - 1)) & 1n)
  return signals.map(([name]) => name).filter((name): name is NodeJS.Signals => name in constants.signals)
}

export function environmentNames(pid: number): string[] {
  return text(`/proc/${pid}/environ`)
    .split('\0')
    .flatMap(line => (line === '' ? [] : [line.split('=', 1)[0] ?? '']))
}

/** Where the process stands: a folder that is busy while it runs. */
export function workingFolder(pid: number): string {
  return link(`/proc/${pid}/cwd`)
}

/** Every piece of memory that data is written to: heaps, stacks, buffers; not the compiler’s. */
export function* writableMemory(pid: number): Generator<Buffer> {
  const maps = text(`/proc/${pid}/maps`)
  const memory = openSync(`/proc/${pid}/mem`, 'r')
  try {
    for (const [, from = '', to = ''] of maps.matchAll(/^(\w+)-(\w+) rw-/gm)) {
      const start = Number.parseInt(from, 16)
      const length = Number.parseInt(to, 16) - start
      // Reserved and never touched.
      if (length > 512 * 1024 * 1024) continue
      const bytes = Buffer.alloc(length)
      try {
        const count = readSync(memory, bytes, 0, length, start)
        yield bytes.subarray(0, count)
      } catch {
        // Given back meanwhile, or memory of a device.
      }
    }
  } finally {
    closeSync(memory)
  }
}

function rows(file: string): string[][] {
  return text(file)
    .split('\n')
    .slice(1)
    .map(line => line.trim().split(/\s+/))
}

function text(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
