import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { consentSections, consentText, consentVersion } from '../../protocol/consent.ts'
import { AppError, errorRows } from '../../protocol/errors.ts'
import type { Status } from '../../protocol/status.ts'
import { Interruption } from '../kernel/interruption.ts'
import { askYes } from './ask-yes.ts'
import { connectIfRunning } from './connect-if-running.ts'
import type { AgentSession, CommandContext } from './context.ts'
import { describeStatus } from './describe-status.ts'
import { type Outcome, reporting } from './outcome.ts'
import { withProgress } from './progress.ts'
import { endAgent } from './stop.ts'
import { text } from './text.ts'

const help = text.help.start
const words = text.start

/** By then the first record is stored and input is counted, or what prevents it is a state. */
const settleMs = 5000
const lookMs = 100
/** How long a tracker may take to see that its display has gone and that of this terminal is there. */
const followMs = 2000

export function addStart(program: Command, context: CommandContext): void {
  program
    .command('start')
    .summary(help.summary)
    .description(help.description)
    .option('--acknowledge', help.acknowledge)
    .action(
      reporting(context.terminal, (options: { acknowledge?: true }) =>
        start(options.acknowledge ? 'given' : 'to-be-asked', context),
      ),
    )
}

async function start(consent: 'given' | 'to-be-asked', context: CommandContext): Promise<Outcome> {
  const { agent, terminal } = context
  using running = await findCounting(context)
  const session = running ?? (await withProgress(terminal, words.starting, agent.ensure()))
  using _ = session
  const { status } = await session.snapshot()
  if (status.state.kind === 'consent-needed') {
    const answer = consent === 'given' ? true : await askConsent(status, context).catch(unlessInterrupted)
    if (answer !== true) {
      // This command ends the agent that it started: without consent there is nothing for it to do.
      if (!running) await endAgent(session, context)
      if (answer instanceof Interruption) throw answer
      throw new AppError('CONSENT_NEEDED', terminal.interactive ? {} : { detail: words.cannotAsk })
    }
    await session.request({ type: 'acknowledge', text_version: consentVersion })
  }
  if (running && status.state.kind !== 'blocked') terminal.err([words.alreadyRunning, ''])
  const settled = await withProgress(terminal, words.waiting, settle(session, context.signal))
  return { json: settled, lines: describeStatus(settled, context.log) }
}

/**
 * One that runs and has lost its display looks at the one of this terminal, and makes way for another if that is there:
 * then none is found here, and the next is waited for.
 */
async function findCounting({ agent, signal }: CommandContext): Promise<AgentSession | undefined> {
  const running = await connectIfRunning(agent)
  if (!running) return undefined
  const deadline = performance.now() + followMs
  try {
    for (;;) {
      const { state, input } = (await running.snapshot()).status
      const code = state.kind === 'blocked' ? state.problem.code : input.problem?.code
      if (code !== 'INPUT_NO_DISPLAY' || performance.now() > deadline) return running
      await sleep(lookMs, undefined, { signal })
    }
  } catch (error) {
    running[Symbol.dispose]()
    if (error instanceof AppError && error.code === 'AGENT_UNREACHABLE') return undefined
    throw error
  }
}

async function askConsent(status: Status, { terminal }: CommandContext): Promise<boolean> {
  terminal.err([...anotherTracker(status), ...consentForPeople(status)])
  if (!terminal.interactive) return false
  return await askYes(terminal, words.question)
}

/** Before anyone agrees to a second one. */
function anotherTracker({ agent }: Status): string[] {
  if (agent.own_home === undefined) return []
  return [`${errorRows.ANOTHER_TRACKER.sentence} ${words.ownIsIn(agent.own_home)}`, '']
}

function unlessInterrupted(error: unknown): Interruption {
  if (error instanceof Interruption) return error
  throw error
}

export function consentForPeople({ destination, keys }: Pick<Status, 'destination' | 'keys'>): string[] {
  const facts: Partial<Record<keyof typeof consentText, readonly string[]>> = {
    where: [words.now(destination.where)],
    whoCanOpen: keys.recipients,
  }
  return (Object.keys(consentText) as (keyof typeof consentText)[]).flatMap(part => {
    const lines = [...consentText[part], ...(facts[part] ?? [])]
    return [consentSections[part], ...lines.map(line => `  • ${line}`), '']
  })
}

/** How it is once it has begun, or does not. */
export async function settle(session: AgentSession, signal: AbortSignal): Promise<Status> {
  const deadline = performance.now() + settleMs
  for (;;) {
    const { status } = await session.snapshot()
    const starting = status.state.kind === 'starting' || status.input.state === 'starting'
    if (!starting || performance.now() > deadline) return status
    await sleep(lookMs, undefined, { signal })
  }
}
