import type { StepOutcome } from '../../../protocol/connection-check.ts'
import type { Status } from '../../../protocol/status.ts'
import { counted } from '../../kernel/counted.ts'

/** What `doctor` prints. `checks` are also the names in its JSON, which stay as they are in every language. */
export const doctor = {
  checks: {
    tracker: 'Tracker',
    folder: 'Folder',
    computer: 'Computer',
    keys: 'Keys',
    memory: 'Memory',
    disk: 'Disk',
    queue: 'Queue',
    environment: 'Environment',
  },
  outcomes: {
    ok: 'ok',
    note: 'note',
    wrong: 'WRONG',
    'not-needed': '-',
    'not-tried': '',
    running: '…',
    waiting: '',
  } satisfies Record<'note' | StepOutcome['kind'], string>,

  notRunning: 'not running; start it with: activity-tracker start',
  running: (version: string, pid: number) => `running, version ${version}, process ${pid}`,
  anotherTracker: (home: string, ownHome: string) => `${home}, which is not your own tracker (${ownHome})`,
  keys: (count: number) => `${counted(count, { one: 'key opens', other: 'keys open' })} what is recorded`,
  memoryGuarded: 'protected from core dumps and from your other programs',
  memoryUnguarded: (from: readonly string[]) => `not protected on this system from ${from.join(' and ')}`,
  disk: (size: string) => `${size} free`,
  queueEmpty: 'empty',
  queue: (files: number, size: string, reason: string | undefined) =>
    `${counted(files, { one: 'file', other: 'files' })} (${size}) waiting${reason === undefined ? '' : ` ${reason}`}`,
  damaged: (count: number) => `; ${count} damaged and set aside`,

  connection: (kind: Status['destination']['kind'], where: string) =>
    `Connection to the ${kind === 's3' ? 'bucket' : 'folder'} ${where}`,
  took: (what: string, ms: number) => `${what}  (${ms} ms)`,
  notTried: 'not tried',
  nothingTested: 'it did not report any test',
  everythingWorks: 'Everything works.',
}
