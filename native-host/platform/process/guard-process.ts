import { close as closeInspector, url as inspectorUrl } from 'node:inspector'
import { loadFfi } from './load-ffi.ts'
import { nodeFlags, obeyedByNode } from './program-environment.ts'
import { makePathsWhole } from './whole-paths.ts'

/**
 * Every program of ours imports this first: it closes access to the memory of the process, which holds keys, tokens and
 * what was just typed.
 *
 * The launcher and the agent start programs with safe variables (docs/decisions/0025). This covers a program that was
 * started otherwise, and what only a process itself can do.
 */

const others = 'other programs of the same user'
const everybody = ['core dumps', others]
/** Of setrlimit(2) and prctl(2). The numbers are the same on every processor that we run on. */
const coreSize = 4
const setDumpable = 4

function guard(): string[] {
  if (inspectorUrl() !== undefined) closeInspector()
  startAnewWithout(obeyedByNode(process.env))
  makePathsWhole(process.env)
  // Without a listener the signal opens the inspector, or ends a process that was started with --disable-sigusr1.
  process.on('SIGUSR1', () => undefined)
  try {
    return keepMemoryToItself()
  } catch {
    return everybody
  }
}

/** Node has obeyed them already. The new program takes the place of this one: its number, its pipes, its arguments. */
function startAnewWithout(names: readonly string[]): void {
  if (names.length === 0) return
  const env = Object.entries(process.env).filter(([name]) => !names.includes(name))
  for (const name of names) delete process.env[name]
  if (process.platform === 'win32' || process.channel) return
  const words = [process.execPath, ...new Set([...nodeFlags, ...process.execArgv]), ...process.argv.slice(1)]
  process.execve?.(process.execPath, words, Object.fromEntries(env))
}

/**
 * No core file under any limits. A core that is handed to a program knows no limit, so on Linux the process is made
 * undumpable too; its memory can then be read by root alone, and not by other programs of the same person.
 */
function keepMemoryToItself(): string[] {
  if (process.platform === 'win32') return everybody
  const { dlopen } = loadFfi()
  using system = dlopen(null, { setrlimit: { arguments: ['i32', 'pointer'], return: 'i32' } })
  const left = system.functions.setrlimit(coreSize, Buffer.alloc(16)) === 0 ? [] : ['core dumps']
  if (process.platform !== 'linux') return [...left, others]
  using linux = dlopen(null, {
    prctl: { arguments: ['i32', 'u64', 'u64', 'u64', 'u64'], return: 'i32' },
  })
  return linux.functions.prctl(setDumpable, 0n, 0n, 0n, 0n) === 0 ? left : everybody
}

/** Who or what can get at the memory all the same, on this system. */
export const unguarded: readonly string[] = guard()
