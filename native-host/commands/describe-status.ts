import { describeBlurred } from '../../protocol/blur-reasons.ts'
import { describeComputer } from '../../protocol/computer.ts'
import { errorRows, type Problem } from '../../protocol/errors.ts'
import { describePresence, presenceSources } from '../../protocol/presence.ts'
import { mostHeldShown, noticesOf, type Status, waitReasons } from '../../protocol/status.ts'
import { describeConfirmation, howToAnswer } from './describe-confirmation.ts'
import { formatBytes, formatMoment, formatSpan } from './format.ts'

/** The status for people: the state and what to do about it first, then what is stored where. */
export function describeStatus(status: Status, log: string): string[] {
  const { next, word } = describeState(status)
  const computer = describeComputer(status.agent.computer ?? {})
  const rows: [name: string, ...values: string[]][] = [
    ['Last saved', moment(status.last_saved, status) ?? 'nothing yet'],
    ['Today', today(status)],
    ['Input', inputWords[status.input.state]],
    ['Presence', presence(status)],
    ...(status.power === null ? [] : [['Battery', battery(status.power)] satisfies [string, string]]),
    ['Screenshots', screenshots(status)],
    ['Queue', queue(status)],
    ['Delivers to', `${status.destination.kind === 's3' ? 'bucket' : 'folder'} ${status.destination.where}`],
    ['Opened by', ...openers(status)],
    ['Files', status.agent.home],
    ['Log', log],
    ...(computer === '' ? [] : [['Computer', computer] satisfies [string, string]]),
    [
      'Tracker',
      `${status.agent.version}, process ${status.agent.pid}, ${plural(status.agent.clients, 'connection')}`,
    ],
  ]
  const problems = distinct([
    status.input.problem,
    status.screenshots.problem,
    status.queue.problem,
    ...noticesOf(status),
  ]).filter(problem => status.state.kind !== 'blocked' || problem.code !== status.state.problem.code)
  return [
    word,
    ...(next ? [`  → ${next}`] : []),
    ...waitingAnswer(status),
    '',
    ...rows.flatMap(([name, ...values]) =>
      values.map((value, at) => `${(at === 0 ? name : '').padEnd(12)} ${value}`),
    ),
    ...whyBlurred(status.screenshots),
    ...problems.flatMap(problem => ['', ...describeProblem(problem)]),
    ...leftOut(status),
  ]
}

export function describeState(status: Status): { word: string; next?: string } {
  const { state } = status
  switch (state.kind) {
    case 'consent-needed':
      return {
        word: `Not tracking. ${errorRows.CONSENT_NEEDED.sentence}`,
        next: errorRows.CONSENT_NEEDED.next,
      }
    case 'starting':
      return { word: 'Starting' }
    case 'tracking':
      return { word: `Tracking since ${moment(state.since, status)}` }
    case 'paused': {
      const end = state.until === null ? 'until you resume' : `until ${moment(state.until, status)}`
      return { word: `Paused ${end}`, next: 'Go on earlier: activity-tracker resume' }
    }
    case 'suspended':
      return {
        word: `Suspended since ${moment(state.since, status)}: ${state.detail}`,
        next: suspensionEnds[state.reason],
      }
    case 'blocked': {
      const { sentence, next } = errorRows[state.problem.code]
      const detail = state.problem.detail ? ` (${state.problem.detail})` : ''
      return { word: `Not tracking. ${state.problem.code}: ${sentence}${detail}`, next }
    }
    default:
      throw state satisfies never
  }
}

/** What a browser asks for and only the person may allow. */
function waitingAnswer({ confirmation, today }: Status): string[] {
  if (!confirmation) return []
  const [question, ...rest] = describeConfirmation(confirmation, today)
  const asked = rest.map(line => `  ${line.trimStart()}`)
  return ['', `Waits for your answer: ${question}`, ...asked, `  → ${howToAnswer(confirmation)}`]
}

const suspensionEnds = {
  'low-battery': 'Plug the computer in; tracking goes on by itself.',
} satisfies Record<Extract<Status['state'], { kind: 'suspended' }>['reason'], string>

const inputWords: Record<Status['input']['state'], string> = {
  off: 'off',
  starting: 'starting',
  counting: 'counting',
  'without-detail': 'activity without input detail: the system says when, and not how often',
  unavailable: 'unavailable',
}

function presence(status: Status): string {
  const { kind, since, source } = status.presence
  if (kind === 'unknown') return 'not known'
  return `${describePresence(kind, source, moment(since, status) ?? '')} (said by ${presenceSources[source]})`
}

function battery({ percent, discharging, saving }: NonNullable<Status['power']>): string {
  return `${percent} %, ${discharging ? 'in use' : 'plugged in'}${saving ? ', saving power' : ''}`
}

function today({ today, input }: Status): string {
  const flagged = today.flagged_seconds > 0 ? `, ${formatSpan(today.flagged_seconds)} of it flagged` : ''
  // Zero would be a figure, and there is none.
  const hasCounts = input.state !== 'without-detail' || today.keys + today.clicks + today.distance_px > 0
  if (!hasCounts) return `active ${formatSpan(today.active_seconds)}; what was done cannot be counted`
  return (
    `${plural(today.keys, 'key')}, ${plural(today.clicks, 'click')}, ${plural(today.wheel, 'wheel step')}, ` +
    `${today.distance_px} px; active ${formatSpan(today.active_seconds)}${flagged}`
  )
}

function screenshots(status: Status): string {
  const { state, displays, last, next, held } = status.screenshots
  const seen = last === null ? 'none yet' : `last ${moment(last, status)}`
  // More than so many are not told.
  const heldBack =
    held.length === 0 ? '' : `, ${held.length === mostHeldShown ? 'at least ' : ''}${held.length} held back`
  if (state === 'off') return `off, ${seen}${heldBack}`
  const coming = next === null ? '' : `, next ${moment(next, status)}`
  return `${displays > 0 ? `${plural(displays, 'display')}, ` : ''}${seen}${coming}${heldBack}`
}

function queue(status: Status): string {
  const {
    items,
    bytes,
    oldest,
    last_delivered,
    delivered,
    quarantined,
    next_try,
    waiting: reason,
  } = status.queue
  const waiting =
    items === 0
      ? 'empty'
      : `${plural(items, 'item')} (${formatBytes(bytes)}) waiting${reason === null ? '' : ` ${waitReasons[reason]}`}`
  return [
    waiting,
    items > 0 && oldest !== null && `oldest ${moment(oldest, status)}`,
    next_try !== null && `next try ${moment(next_try, status)}`,
    `${delivered} delivered${last_delivered === null ? '' : `, last ${moment(last_delivered, status)}`}`,
    quarantined > 0 && `${quarantined} damaged and set aside`,
  ]
    .filter(part => part !== false)
    .join('; ')
}

function openers({ keys }: Status): string[] {
  const holders = keys.recipients.length === 0 ? ['nobody: there is no key'] : keys.recipients
  const here = keys.identity_here
    ? [
        `the identity is on this computer${keys.recovery_file === null ? '' : `: ${keys.recovery_file}`}`,
        'keep a copy of it elsewhere: activity-tracker keys export FILE',
      ]
    : ['the identity is not on this computer']
  return [...holders, ...here]
}

function leftOut({ left_out = {} }: Status): string[] {
  const counts = Object.entries(left_out).map(([list, count]) => `${count} of ${list}`)
  return counts.length === 0 ? [] : ['', `Not shown, because there are too many: ${counts.join(', ')}`]
}

/** Nothing when blurring is on, or nothing is blurred. */
export function whyBlurred({ blurred, displays }: Status['screenshots']): string[] {
  return describeBlurred(blurred, displays).flatMap(({ sentence, next }) => ['', sentence, `  → ${next}`])
}

/** Also for what is told beside a result, such as settings that were broken. */
export function describeProblem({
  code,
  detail,
}: Problem | { code: Problem['code']; detail?: string | undefined }): string[] {
  const { sentence, next } = errorRows[code]
  return [`${code}: ${sentence}`, ...(detail ? [`  ${detail}`] : []), `  → ${next}`]
}

function distinct(problems: readonly (Status['notices'][number] | null)[]) {
  const seen = new Map(
    problems
      .filter(problem => problem !== null)
      .map(problem => [`${problem.code} ${problem.detail}`, problem]),
  )
  return [...seen.values()]
}

function moment(iso: string, status: Status): string
function moment(iso: string | null, status: Status): string | undefined
function moment(iso: string | null, { today }: Status): string | undefined {
  return iso === null ? undefined : formatMoment(Temporal.Instant.from(iso), today)
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
