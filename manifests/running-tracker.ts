import { spawnSync } from 'node:child_process'
import { lstatSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { readKernelFile } from '../native-host/platform/files/read-within.ts'
import { AppError, errorRows } from '../protocol/errors.ts'
import { type Status, statusSchema } from '../protocol/status.ts'
import type { BrowserName } from './browsers.ts'
import { browserRows } from './browsers.ts'

const refusal = v.object({ code: v.picklist(Object.keys(errorRows) as (keyof typeof errorRows)[]) })

/** The status of the tracker of this person; undefined while none runs. @throws AppError why one that runs does not say */
export function askRunning(root: string): Status | undefined {
  const words = ['--no-warnings', join(root, 'native-host/programs/cli.ts'), 'status', '--json']
  const { stdout, stderr } = spawnSync(process.execPath, words, {
    ...{ encoding: 'utf8', timeout: 60_000, maxBuffer: 2 * 1024 * 1024 },
  })
  const status = v.safeParse(v.pipe(v.string(), v.parseJson(), statusSchema), stdout)
  if (status.success) return status.output
  const refused = v.safeParse(v.pipe(v.string(), v.parseJson(), refusal), stderr)
  const code = refused.success ? refused.output.code : 'INTERNAL'
  if (code === 'AGENT_UNREACHABLE') return undefined
  throw new AppError(code)
}

/**
 * Whether the tracker was started from this folder, and is to be left alone there. Where it is unknown, the
 * answer is yes.
 */
export function runsFrom(folder: string, pid: number): boolean {
  try {
    return readKernelFile(`/proc/${pid}/cmdline`).includes(folder)
  } catch {
    return true
  }
}

/** Whether a browser has this profile open: both families leave a link that names its process. */
export function isOpen(name: BrowserName, profile: string): boolean {
  const link = join(profile, browserRows[name].family === 'firefox' ? 'lock' : 'SingletonLock')
  if (!lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink()) return false
  const pid = /(\d+)$/.exec(readlinkSync(link))?.[1]
  return pid !== undefined && isAlive(Number(pid))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** What is recorded right now, in a sentence. */
export function describeRecording(status: Status | undefined): string {
  if (!status) return 'The tracker is not running yet. The popup shows when it is.'
  const { state } = status
  switch (state.kind) {
    case 'consent-needed':
      return 'Nothing is recorded until you press Start on the welcome page.'
    case 'starting':
    case 'tracking':
      return 'You agreed to recording before, so this computer is being recorded now. You can pause it in the popup.'
    case 'paused':
      return 'You agreed to recording before and then paused it. Nothing is recorded until the pause ends.'
    case 'suspended':
    case 'blocked':
      return 'You agreed to recording before, but nothing is being recorded now. The popup says why.'
    default:
      throw state satisfies never
  }
}
