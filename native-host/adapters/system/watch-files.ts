import { watch } from 'node:fs'
import { basename, dirname } from 'node:path'

/**
 * Calls `onChange` soon after one of the files of one folder was written, replaced, deleted or given another mode. A
 * system without watches left, or a folder that is moved away, reports nothing: a caller that must know also looks now
 * and then.
 */
export function watchFiles(paths: readonly string[], onChange: () => void, signal: AbortSignal): void {
  const [first] = paths
  if (first === undefined || signal.aborted) return
  const names = new Set(paths.map(path => basename(path)))
  try {
    const watcher = watch(dirname(first), { persistent: false }, (_, name) => {
      if (name === null || names.has(name)) onChange()
    })
    watcher.on('error', () => watcher.close())
    signal.addEventListener('abort', () => watcher.close(), { once: true })
  } catch {
    // There are no watches left, or none on this disk.
  }
}
