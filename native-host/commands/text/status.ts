import type { Status } from '../../../protocol/status.ts'
import { counted } from '../../kernel/counted.ts'

/** What `status` and `start` print. A name in `rows` stands before its line. */
export const status = {
  rows: {
    lastSaved: 'Last saved',
    today: 'Today',
    input: 'Input',
    presence: 'Presence',
    battery: 'Battery',
    screenshots: 'Screenshots',
    queue: 'Queue',
    destination: 'Uploads to',
    openedBy: 'Opened by',
    files: 'Files',
    log: 'Log',
    computer: 'Computer',
    tracker: 'Tracker',
  },
  nothingSaved: 'nothing yet',
  destination: (kind: Status['destination']['kind'], where: string) =>
    `${kind === 's3' ? 'bucket' : 'folder'} ${where}`,
  tracker: (version: string, pid: number, clients: number) =>
    `${version}, process ${pid}, ${counted(clients, { one: 'connection', other: 'connections' })}`,

  notTracking: (why: string) => `Not tracking. ${why}`,
  starting: 'Starting',
  trackingSince: (since: string) => `Tracking since ${since}`,
  pausedUntil: (until: string) => `Paused until ${until}`,
  pausedUntilResumed: 'Paused until you resume',
  resumeEarlier: 'Resume earlier: activity-tracker resume',
  suspendedSince: (since: string, why: string) => `Suspended since ${since}: ${why}`,
  suspensionEnds: { 'low-battery': 'Tracking resumes when you plug in the computer.' } satisfies Record<
    Extract<Status['state'], { kind: 'suspended' }>['reason'],
    string
  >,
  notRunning: 'Not running',
  anotherTracker: (ownHome: string) => `This is not your own tracker, which is in ${ownHome}`,

  waitsForAnswer: (question: string) => `Waiting for your answer: ${question}`,
  requestedBy: (asker: string, until: string) => `Requested by ${asker}. Waits until ${until}.`,
  howToAnswer: (code: string) => `Answer: activity-tracker confirm ${code}`,

  input: {
    off: 'off',
    starting: 'starting',
    counting: 'counting',
    'without-detail': 'activity only: this system does not report single keys and clicks',
    unavailable: 'unavailable',
  } satisfies Record<Status['input']['state'], string>,
  presenceUnknown: 'unknown',
  presence: (words: string, source: string) => `${words} (reported by ${source})`,
  battery: (percent: number, discharging: boolean, saving: boolean) =>
    `${percent}%, ${discharging ? 'on battery' : 'plugged in'}${saving ? ', saving power' : ''}`,

  today: ({ keys, clicks, wheel, distance_px }: Status['today'], active: string) =>
    `${counted(keys, { one: 'key', other: 'keys' })}, ${counted(clicks, { one: 'click', other: 'clicks' })}, ` +
    `${counted(wheel, { one: 'wheel step', other: 'wheel steps' })}, ${distance_px} px; active ${active}`,
  flagged: (span: string) => `, ${span} of it flagged`,
  todayUncounted: (active: string) => `active ${active}; keys and clicks cannot be counted`,

  screenshots: {
    off: 'off',
    none: 'none yet',
    last: (at: string) => `last ${at}`,
    next: (at: string) => `next ${at}`,
    held: (count: number, isAll: boolean) => `${isAll ? '' : 'at least '}${count} held`,
    screens: (count: number) => counted(count, { one: 'screen', other: 'screens' }),
  },

  queue: {
    empty: 'empty',
    waiting: (files: number, size: string, reason: string | undefined) =>
      `${counted(files, { one: 'file', other: 'files' })} (${size}) waiting${reason === undefined ? '' : ` ${reason}`}`,
    oldest: (at: string) => `oldest ${at}`,
    nextTry: (at: string) => `next try ${at}`,
    uploaded: (count: number, last: string | undefined) =>
      `${count} uploaded${last === undefined ? '' : `, last ${last}`}`,
    damaged: (count: number) => `${count} damaged and set aside`,
  },

  noKey: 'no key yet, so nothing can be opened',
  identityHere: (file: string | null) =>
    `the identity is on this computer${file === null ? '' : `: ${file}`}`,
  keepCopy: 'keep a copy of it elsewhere: activity-tracker keys export FILE',
  identityElsewhere: 'the identity is not on this computer',

  leftOut: (lists: readonly (readonly [list: string, count: number])[]) =>
    `Too many to show: ${lists.map(([list, count]) => `${count} more in ${list}`).join(', ')}`,
}

/** Lengths of time in the shortest form that is still clear. */
export const spans = {
  seconds: (seconds: number) => `${seconds} s`,
  minutes: (minutes: number) => `${minutes} min`,
  hours: (hours: number, minutes: number) => `${hours} h ${minutes} min`,
}
