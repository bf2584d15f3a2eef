import { describeBlurred } from '../../protocol/blur-reasons.ts'
import { formatBytes } from '../../protocol/byte-size.ts'
import { describeComputer } from '../../protocol/computer.ts'
import { errorRows, type Problem } from '../../protocol/errors.ts'
import { describePresence, presenceSources } from '../../protocol/presence.ts'
import { mostHeldShown, noticesOf, type Status, waitReasons } from '../../protocol/status.ts'
import { describeConfirmation, howToAnswer } from './describe-confirmation.ts'
import { formatMoment, formatSpan } from './format.ts'
import { text } from './text.ts'

const words = text.status

/** The status for people: the state and what to do about it first, then what is stored where. */
export function describeStatus(status: Status, log: string): string[] {
  const { next, word } = describeState(status)
  const computer = describeComputer(status.agent.computer ?? {})
  const { agent, destination, power } = status
  const rows: [name: string, ...values: string[]][] = [
    [words.rows.lastSaved, moment(status.last_saved, status) ?? words.nothingSaved],
    [words.rows.today, today(status)],
    [words.rows.input, words.input[status.input.state]],
    [words.rows.presence, presence(status)],
    ...(power === null
      ? []
      : [
          [words.rows.battery, words.battery(power.percent, power.discharging, power.saving)] satisfies [
            string,
            string,
          ],
        ]),
    [words.rows.screenshots, screenshots(status)],
    [words.rows.queue, queue(status)],
    [words.rows.destination, words.destination(destination.kind, destination.where)],
    [words.rows.openedBy, ...openers(status)],
    [words.rows.files, agent.home],
    [words.rows.log, log],
    ...(computer === '' ? [] : [[words.rows.computer, computer] satisfies [string, string]]),
    [words.rows.tracker, words.tracker(agent.version, agent.pid, agent.clients)],
  ]
  const problems = distinct([
    status.input.problem,
    status.screenshots.problem,
    status.queue.problem,
    ...noticesOf(status),
  ]).filter(problem => status.state.kind !== 'blocked' || problem.code !== status.state.problem.code)
  return [
    word,
    ...(next ? [text.next(next)] : []),
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
        word: words.notTracking(errorRows.CONSENT_NEEDED.sentence),
        next: errorRows.CONSENT_NEEDED.next,
      }
    case 'starting':
      return { word: words.starting }
    case 'tracking':
      return { word: words.trackingSince(moment(state.since, status)) }
    case 'paused': {
      const word =
        state.until === null ? words.pausedUntilResumed : words.pausedUntil(moment(state.until, status))
      return { word, next: words.resumeEarlier }
    }
    case 'suspended':
      return {
        word: words.suspendedSince(moment(state.since, status), state.detail),
        next: words.suspensionEnds[state.reason],
      }
    case 'blocked': {
      const { sentence, next } = errorRows[state.problem.code]
      const detail = state.problem.detail ? ` (${state.problem.detail})` : ''
      return { word: words.notTracking(`${state.problem.code}: ${sentence}${detail}`), next }
    }
    default:
      throw state satisfies never
  }
}

/** What a browser has requested and only the person may allow. */
function waitingAnswer({ confirmation, today }: Status): string[] {
  if (!confirmation) return []
  const [question, ...rest] = describeConfirmation(confirmation, today)
  const asked = rest.map(line => `  ${line.trimStart()}`)
  return ['', words.waitsForAnswer(question), ...asked, text.next(howToAnswer(confirmation))]
}

function presence(status: Status): string {
  const { kind, since, source } = status.presence
  if (kind === 'unknown') return words.presenceUnknown
  return words.presence(describePresence(kind, source, moment(since, status) ?? ''), presenceSources[source])
}

function today({ today, input }: Status): string {
  const active = formatSpan(today.active_seconds)
  // Zero would be a figure, and there is none.
  const hasCounts = input.state !== 'without-detail' || today.keys + today.clicks + today.distance_px > 0
  if (!hasCounts) return words.todayUncounted(active)
  const flagged = today.flagged_seconds > 0 ? words.flagged(formatSpan(today.flagged_seconds)) : ''
  return words.today(today, active) + flagged
}

function screenshots(status: Status): string {
  const { state, displays, last, next, held } = status.screenshots
  const parts = words.screenshots
  return [
    state === 'off' && parts.off,
    state !== 'off' && displays > 0 && parts.screens(displays),
    last === null ? parts.none : parts.last(moment(last, status)),
    state !== 'off' && next !== null && parts.next(moment(next, status)),
    held.length > 0 && parts.held(held.length, held.length < mostHeldShown),
  ]
    .filter(part => part !== false)
    .join(', ')
}

function queue(status: Status): string {
  const { items, bytes, oldest, last_delivered, delivered, quarantined, next_try, waiting } = status.queue
  const parts = words.queue
  const reason = waiting === null ? undefined : waitReasons[waiting]
  return [
    items === 0 ? parts.empty : parts.waiting(items, formatBytes(bytes), reason),
    items > 0 && oldest !== null && parts.oldest(moment(oldest, status)),
    next_try !== null && parts.nextTry(moment(next_try, status)),
    parts.uploaded(delivered, moment(last_delivered, status)),
    quarantined > 0 && parts.damaged(quarantined),
  ]
    .filter(part => part !== false)
    .join('; ')
}

function openers({ keys }: Status): string[] {
  const holders = keys.recipients.length === 0 ? [words.noKey] : keys.recipients
  const here = keys.identity_here
    ? [words.identityHere(keys.recovery_file), words.keepCopy]
    : [words.identityElsewhere]
  return [...holders, ...here]
}

function leftOut({ left_out = {} }: Status): string[] {
  const counts = Object.entries(left_out)
  return counts.length === 0 ? [] : ['', words.leftOut(counts)]
}

/** Nothing when blurring is on, or nothing is blurred. */
export function whyBlurred({ blurred, displays }: Status['screenshots']): string[] {
  return describeBlurred(blurred, displays).flatMap(({ sentence, next }) => ['', sentence, text.next(next)])
}

/** Also printed beside a result, such as when settings were broken. */
export function describeProblem({
  code,
  detail,
}: Problem | { code: Problem['code']; detail?: string | undefined }): string[] {
  const { sentence, next } = errorRows[code]
  return [`${code}: ${sentence}`, ...(detail ? [`  ${detail}`] : []), text.next(next)]
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
