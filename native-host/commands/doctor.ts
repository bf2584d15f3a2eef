import type { Command } from 'commander'
import { formatBytes } from '../../protocol/byte-size.ts'
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
import { jsonLines, wantsJson } from './outcome.ts'
import { text } from './text.ts'

const words = text.doctor

/** What is checked before the connection to the destination. A note is not a fault. */
type Check = { name: string; state: 'ok' | 'note' | 'wrong'; found: string; problem?: Problem }

export function addDoctor(program: Command, context: CommandContext): void {
  program
    .command('doctor')
    .summary(text.help.doctor.summary)
    .description(text.help.doctor.description)
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
      // It goes to stderr with its sentence and next step, like every other error.
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
  if (last === undefined) throw new AppError('AGENT_UNREACHABLE', { detail: words.nothingTested })
  return last
}

async function trackerCheck(_: CommandContext, session: AgentSession | undefined): Promise<Check> {
  const name = words.checks.tracker
  if (session === undefined) return { name, state: 'note', found: words.notRunning }
  const { agent, state } = (await session.snapshot()).status
  if (state.kind === 'blocked')
    return { name, state: 'wrong', found: state.problem.code, problem: state.problem }
  return { name, state: 'ok', found: words.running(agent.version, agent.pid) }
}

/** Hardly anyone wants two trackers. */
async function homeCheck({ home, ownHome }: CommandContext): Promise<Check | undefined> {
  if (ownHome === undefined) return undefined
  return { name: words.checks.folder, state: 'note', found: words.anotherTracker(home, ownHome) }
}

/** For those who help: much depends on it. */
async function computerCheck(
  { doctor }: CommandContext,
  session: AgentSession | undefined,
): Promise<Check | undefined> {
  const known = session && (await session.snapshot()).status.agent.computer
  const found = describeComputer(known ?? (await doctor.computer().catch(() => ({}))))
  return found === '' ? undefined : { name: words.checks.computer, state: 'ok', found }
}

async function keysCheck({ keys }: CommandContext, session: AgentSession | undefined): Promise<Check> {
  const name = words.checks.keys
  try {
    const { recipients, unconfirmed } = await keys.show()
    if (unconfirmed !== undefined) {
      const problem = { code: 'KEYS_CHANGED', detail: unconfirmed.changes } as const
      return { name, state: 'wrong', found: problem.code, problem }
    }
    return { name, state: 'ok', found: words.keys(recipients.length) }
  } catch (error) {
    const problem = toProblem(error)
    // The same words as in `keys show`, and only where the first start really creates one.
    if (session === undefined && problem.code === 'NO_RECIPIENT' && isMadeLater(problem))
      return { name, state: 'note', found: problem.detail }
    return { name, state: 'wrong', found: problem.code, problem }
  }
}

function isMadeLater(problem: Problem): problem is Problem & { detail: string } {
  return Object.values(text.keys.firstStartMakes).some(detail => detail === problem.detail)
}

async function memoryCheck({ doctor }: CommandContext): Promise<Check> {
  const name = words.checks.memory
  if (doctor.unguarded.length === 0) return { name, state: 'ok', found: words.memoryGuarded }
  return { name, state: 'note', found: words.memoryUnguarded(doctor.unguarded) }
}

async function diskCheck({ doctor }: CommandContext): Promise<Check> {
  const name = words.checks.disk
  try {
    return { name, state: 'ok', found: words.disk(formatBytes(await doctor.freeBytes())) }
  } catch (error) {
    const problem = toProblem(error)
    return { name, state: 'wrong', found: problem.code, problem }
  }
}

/** The connection test finds what blocks the queue. This reports what that test cannot find. */
async function queueCheck(_: CommandContext, session: AgentSession | undefined): Promise<Check | undefined> {
  if (session === undefined) return undefined
  const { items, bytes, quarantined, waiting: held } = (await session.snapshot()).status.queue
  const why = held === null ? undefined : waitReasons[held]
  const waiting = items === 0 ? words.queueEmpty : words.queue(items, formatBytes(bytes), why)
  const aside = quarantined === 0 ? '' : words.damaged(quarantined)
  return { name: words.checks.queue, state: quarantined === 0 ? 'ok' : 'note', found: waiting + aside }
}

/** A person who set these expects that they count. */
async function environmentCheck({ doctor }: CommandContext): Promise<Check | undefined> {
  const ignored = await doctor.ignoredVariables()
  if (ignored.length === 0) return undefined
  return { name: words.checks.environment, state: 'note', found: ignored.slice(0, 5).join('; ') }
}

const nameWidth = Math.max(
  ...[...Object.values(words.checks), ...Object.values(testSteps)].map(name => name.length),
)

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

  const line = (state: keyof typeof words.outcomes, name: string, found: string) =>
    `${words.outcomes[state].padEnd(6)} ${name.padEnd(nameWidth)} ${found}`.trimEnd()

  return {
    writeCheck: ({ state, name, found }) => out([line(state, name, found)]),

    async writeReport({ destination, steps }) {
      if (written === undefined) {
        await out(['', words.connection(destination.kind, destination.where)])
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
      await out(problem ? [''] : ['', words.everythingWorks])
    },
  }
}

function describe(outcome: StepOutcome): string {
  switch (outcome.kind) {
    case 'ok':
      return words.took(outcome.found, outcome.ms)
    case 'not-needed':
      return outcome.why
    case 'wrong':
      return words.took(outcome.problem.code, outcome.ms)
    case 'not-tried':
      return words.notTried
    case 'running':
    case 'waiting':
      return ''
    default:
      throw outcome satisfies never
  }
}
