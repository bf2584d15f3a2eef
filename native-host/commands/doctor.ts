import type { Command } from 'commander'
import { describeComputer } from '../../protocol/computer.ts'
import {
  type ConnectionReport,
  firstProblem,
  type StepOutcome,
  testSteps,
} from '../../protocol/connection-check.ts'
import { AppError, type Problem, toProblem } from '../../protocol/errors.ts'
import { waitReasons } from '../../protocol/status.ts'
import { connectIfRunning } from './connect-if-running.ts'
import type { AgentSession, CommandContext, Terminal } from './context.ts'
import { formatBytes } from './format.ts'
import { jsonLines, wantsJson } from './outcome.ts'

/** Things that are looked at before the way to the destination. A note is no fault. */
type Check = { name: string; state: 'ok' | 'note' | 'wrong'; found: string; problem?: Problem }

export function addDoctor(program: Command, context: CommandContext): void {
  program
    .command('doctor')
    .summary('find out what is wrong, step by step to where records go')
    .description(
      'Looks at the tracker, its keys, its disk and its queue, and walks to where records are delivered: network, name ' +
        'service, proxy, port, certificate, server, bucket or folder. It names the first thing that is wrong and what to ' +
        'do, and ends with the exit code of that. It changes nothing and leaves nothing behind. While the tracker runs ' +
        'it is the tracker that walks, with its own proxies and credentials; otherwise this command does.',
    )
    .action(async function (this: Command) {
      const { terminal } = context
      const json = wantsJson(this)
      const paper = json ? silentPaper : createPaper(terminal)
      using session = await connectIfRunning(context.agent)
      const checks: Check[] = []
      for (const look of [
        trackerCheck,
        homeCheck,
        computerCheck,
        keysCheck,
        memoryCheck,
        diskCheck,
        queueCheck,
        environmentCheck,
      ]) {
        const check = await look(context, session)
        if (check === undefined) continue
        checks.push(check)
        await paper.writeCheck(check)
      }
      const connection = await testConnection(context, session, paper.writeReport)
      const problem = checks.find(({ problem }) => problem)?.problem ?? firstProblem(connection)
      if (json) {
        const report = { checks, connection, first_problem: problem ?? null }
        await terminal.out(jsonLines(report))
      } else await paper.writeEnd(problem)
      // Told on stderr with its sentence and next step, like every other error.
      if (problem)
        throw new AppError(problem.code, problem.detail === undefined ? {} : { detail: problem.detail })
    })
}

async function testConnection(
  { doctor, signal }: CommandContext,
  session: AgentSession | undefined,
  onReport: (report: ConnectionReport) => Promise<void>,
): Promise<ConnectionReport> {
  let last: ConnectionReport | undefined
  // Written one after the other, however quickly they come.
  let written = Promise.resolve()
  const take = (report: ConnectionReport) => {
    last = report
    written = written.then(() => onReport(report))
  }
  if (session) await session.testConnection(take)
  else await doctor.testConnection(take, signal)
  await written
  if (last === undefined) throw new AppError('AGENT_UNREACHABLE', { detail: 'it tested nothing' })
  return last
}

async function trackerCheck(_: CommandContext, session: AgentSession | undefined): Promise<Check> {
  if (session === undefined)
    return { name: 'Tracker', state: 'note', found: 'not running; start it with: activity-tracker start' }
  const { agent, state } = (await session.snapshot()).status
  if (state.kind === 'blocked')
    return { name: 'Tracker', state: 'wrong', found: state.problem.code, problem: state.problem }
  return { name: 'Tracker', state: 'ok', found: `running, version ${agent.version}, process ${agent.pid}` }
}

/** Two trackers of one person is what hardly anyone means. */
async function homeCheck({ home, ownHome }: CommandContext): Promise<Check | undefined> {
  if (ownHome === undefined) return undefined
  return { name: 'Folder', state: 'note', found: `${home}, another tracker than yours in ${ownHome}` }
}

/** For those who help: much depends on it. */
async function computerCheck(
  { doctor }: CommandContext,
  session: AgentSession | undefined,
): Promise<Check | undefined> {
  const known = session && (await session.snapshot()).status.agent.computer
  const found = describeComputer(known ?? (await doctor.computer().catch(() => ({}))))
  return found === '' ? undefined : { name: 'Computer', state: 'ok', found }
}

async function keysCheck({ keys }: CommandContext, session: AgentSession | undefined): Promise<Check> {
  const name = 'Keys'
  try {
    const { recipients, unconfirmed } = await keys.show()
    if (unconfirmed !== undefined) {
      const problem = { code: 'KEYS_CHANGED', detail: unconfirmed.changes } as const
      return { name, state: 'wrong', found: problem.code, problem }
    }
    const many = recipients.length === 1 ? '1 key opens' : `${recipients.length} keys open`
    return { name, state: 'ok', found: `${many} what is recorded` }
  } catch (error) {
    const problem = toProblem(error)
    // The same words as `keys show` has, and only where the first start really makes one.
    if (session === undefined && problem.code === 'NO_RECIPIENT' && problem.detail?.startsWith('none yet'))
      return { name, state: 'note', found: problem.detail }
    return { name, state: 'wrong', found: problem.code, problem }
  }
}

async function memoryCheck({ doctor }: CommandContext): Promise<Check> {
  const name = 'Memory'
  if (doctor.unguarded.length === 0)
    return { name, state: 'ok', found: 'closed to core files and to your other programs' }
  return { name, state: 'note', found: `not closed on this system to ${doctor.unguarded.join(' and ')}` }
}

async function diskCheck({ doctor }: CommandContext): Promise<Check> {
  const name = 'Disk'
  try {
    return { name, state: 'ok', found: `${formatBytes(await doctor.freeBytes())} free` }
  } catch (error) {
    const problem = toProblem(error)
    return { name, state: 'wrong', found: problem.code, problem }
  }
}

/** What is in the way of the queue is what the walk finds; only what no walk finds is told here. */
async function queueCheck(_: CommandContext, session: AgentSession | undefined): Promise<Check | undefined> {
  if (session === undefined) return undefined
  const { items, bytes, quarantined, waiting: held } = (await session.snapshot()).status.queue
  const why = held === null ? '' : ` ${waitReasons[held]}`
  const waiting = items === 0 ? 'empty' : `${items} waiting${why} (${formatBytes(bytes)})`
  const aside = quarantined === 0 ? '' : `; ${quarantined} damaged and set aside`
  return { name: 'Queue', state: quarantined === 0 ? 'ok' : 'note', found: waiting + aside }
}

/** Whoever set these expects that they count. */
async function environmentCheck({ doctor }: CommandContext): Promise<Check | undefined> {
  const ignored = await doctor.ignoredVariables()
  if (ignored.length === 0) return undefined
  return { name: 'Environment', state: 'note', found: ignored.slice(0, 5).join('; ') }
}

const words: Record<Check['state'] | StepOutcome['kind'], string> = {
  ok: 'ok',
  note: 'note',
  wrong: 'WRONG',
  'not-needed': '-',
  'not-tried': '',
  running: '…',
  waiting: '',
}

type Paper = {
  writeCheck(check: Check): Promise<void>
  /** Writes what has ended since the last one. */
  writeReport(report: ConnectionReport): Promise<void>
  writeEnd(problem: Problem | undefined): Promise<void>
}

const silentPaper: Paper = {
  writeCheck: async () => undefined,
  writeReport: async () => undefined,
  writeEnd: async () => undefined,
}

function createPaper({ out, show }: Terminal): Paper {
  let written: number | undefined

  const line = (state: keyof typeof words, name: string, found: string) =>
    `${words[state].padEnd(6)} ${name.padEnd(11)} ${found}`.trimEnd()

  return {
    writeCheck: ({ state, name, found }) => out([line(state, name, found)]),

    async writeReport({ destination, steps }) {
      if (written === undefined) {
        const what = destination.kind === 's3' ? 'bucket' : 'folder'
        await out(['', `The way to the ${what} ${destination.where}`])
        written = 0
      }
      for (const { step, outcome } of steps.slice(written)) {
        const ended = outcome.kind !== 'running' && outcome.kind !== 'waiting'
        if (!ended) break
        await out([line(outcome.kind, testSteps[step], describe(outcome))])
        written++
      }
      const now = steps.find(({ outcome }) => outcome.kind === 'running')
      show(now === undefined ? '' : line('running', testSteps[now.step], ''))
    },

    async writeEnd(problem) {
      show('')
      await out(problem ? [''] : ['', 'Everything works.'])
    },
  }
}

function describe(outcome: StepOutcome): string {
  switch (outcome.kind) {
    case 'ok':
      return `${outcome.found}  (${outcome.ms} ms)`
    case 'not-needed':
      return outcome.why
    case 'wrong':
      return `${outcome.problem.code}  (${outcome.ms} ms)`
    case 'not-tried':
      return 'not tried'
    case 'running':
    case 'waiting':
      return ''
    default:
      throw outcome satisfies never
  }
}
