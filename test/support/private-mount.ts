import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process'

/** A root of a namespace of users can do less than root: it may not enter the folders of others. */
const asRoot = process.getuid?.() === 0 ? [] : ['--map-root-user']
const privateMounts = [...asRoot, '--mount', '--propagation', 'private']

/**
 * Starts a program that finds `source` where `target` is for all other programs. What is in `source` may
 * change meanwhile.
 */
export function startWithMount(
  { source, target }: { source: string; target: string },
  command: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  const mounting = 'mount --bind "$0" "$1" && shift && exec "$@"'
  return spawn('unshare', [...privateMounts, 'sh', '-c', mounting, source, target, ...command], options)
}

export function mountsAreForbidden(): boolean {
  try {
    execFileSync('unshare', [...privateMounts, 'true'], { stdio: 'ignore' })
    return false
  } catch {
    return true
  }
}
