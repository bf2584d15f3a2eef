import { closeSync, constants, lstatSync, mkdirSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { escapeControls } from '../../../protocol/escape-controls.ts'
import { budgets } from '../../kernel/budgets.ts'
import type { Log } from '../../kernel/ports.ts'
import { openOwnFile } from '../../platform/files/own-files.ts'

/** Two files of this size at most: some weeks of a quiet tracker. */
const rotateAtBytes = 1024 * 1024

/**
 * A log of JSON lines with allow-listed fields. It never throws: a tracker that cannot log still tracks.
 * Writes are synchronous because the interesting lines are those just before an end.
 */
export function openLog(path: string, now: () => Temporal.Instant): Log {
  return ({ event, code, detail, pid, ms, count, stack }) => {
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      rotate(path)
      const at = now().toString()
      const whole = lineOf({ at, event, code, detail, pid, ms, count, stack })
      append(path, whole.length > budgets.logLine.most ? lineOf({ at, event, code }) : whole)
    } catch {
      // Nowhere to say it: the log is what we would say it with.
    }
  }
}

/** People look at it in a terminal, and it names files. */
function lineOf(fields: object): string {
  return escapeControls(JSON.stringify(fields))
}

function append(path: string, line: string): void {
  const { O_APPEND, O_CREAT, O_WRONLY } = constants
  const descriptor = openOwnFile(path, 'secret', O_APPEND | O_CREAT | O_WRONLY)
  try {
    writeSync(descriptor, `${line}\n`)
  } finally {
    closeSync(descriptor)
  }
}

function rotate(path: string): void {
  const size = lstatSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size > rotateAtBytes) renameSync(path, `${path}.1`)
}
