import { closeSync, writeSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import * as v from 'valibot'
import { AppError, type Problem } from '../../protocol/errors.ts'
import { problemSchema } from '../../protocol/status.ts'

/**
 * How an agent that cannot start says why to whoever started it: on a full disk there is no log, and no socket yet.
 * One line of JSON on a descriptor of its own, which an agent that did start closes without a word.
 */
export const reportDescriptor = 3
export const reportFlag = '--report-start'

export type StartReport = { started(): void; failed(problem: Problem): void }

/** Without the flag the descriptor is somebody else's, and is left alone. */
export function openStartReport(argv: readonly string[]): StartReport {
  if (!argv.includes(reportFlag)) return { started() {}, failed() {} }
  return {
    started: () => closeSync(reportDescriptor),
    failed(problem) {
      try {
        writeSync(reportDescriptor, JSON.stringify(problem))
      } catch {
        // Whoever started us has gone, and with them the only one who wanted to know.
      }
    },
  }
}

/** Resolves when the agent has started, failed or ended: with what it said, or undefined. */
export async function readStartReport(pipe: Readable): Promise<AppError | undefined> {
  try {
    const said = await text(pipe)
    if (said === '') return undefined
    const { code, detail } = v.parse(problemSchema, JSON.parse(said))
    return new AppError(code, detail === undefined ? {} : { detail })
  } catch (cause) {
    return new AppError('AGENT_START_FAILED', { cause })
  }
}
