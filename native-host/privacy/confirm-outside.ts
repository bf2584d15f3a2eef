import { describeAsker } from '../../protocol/client-name.ts'
import { type Confirmation, confirmationMs } from '../../protocol/confirmation.ts'
import { AppError, toProblem } from '../../protocol/errors.ts'
import type { Entry } from '../../protocol/records.ts'
import { isoOf } from '../kernel/instants.ts'
import { sleepUntilAborted } from '../kernel/lifetime.ts'
import type { Clock, Log, Memory } from '../kernel/ports.ts'
import { createSignal, type ReadonlySignal, type Signal } from '../kernel/signals.ts'
import { isCode, isLocked, newCode, type Proposal, withRefusal, wordsOf } from './confirmation.ts'
import type { ConfirmDialog, PrivacyFacts } from './ports.ts'

/** Requests of a browser that only the person may allow, outside every browser. At most one waits at a time. */
export type Confirmations = {
  /** As reported to clients. */
  pending: ReadonlySignal<Confirmation | undefined>
  /**
   * Asks the person and returns at once; the same question of the same browser is asked once. Never resolves
   * with the answer: an allowed request takes effect by itself.
   * @throws AppError CONFIRMATION_LOCKED | CONFIRMATION_BUSY
   */
  propose(proposal: Proposal, by: string, allow: Allow): Confirmation
  /** @throws AppError CONFIRMATION_GONE | the errors of the allowed request */
  answer(code: string, answer: 'accept' | 'refuse'): Promise<void>
}

type Ports = {
  clock: Clock
  random: () => number
  memory: Memory<PrivacyFacts>
  dialog: ConfirmDialog
  log: Log
  /** Writes a record, if anything may be recorded. */
  note: (entry: Entry) => void
}

/** Runs once the person has allowed the request. */
type Allow = () => void | Promise<void>

type Asked = { proposal: Proposal; allow: Allow; told: Confirmation; endMs: number; over: AbortController }

/** Timers stand still while the computer sleeps. */
const longestNapMs = 30_000

type State = {
  ports: Ports
  signal: AbortSignal
  asked: Asked | undefined
  pending: Signal<Confirmation | undefined>
}

export function createConfirmations(ports: Ports, signal: AbortSignal): Confirmations {
  const pending = createSignal<Confirmation | undefined>(undefined)
  const state: State = { ports, signal, asked: undefined, pending }
  const { clock } = ports
  return {
    pending,

    propose(proposal, by, allow) {
      if (state.asked && isOver(clock, state.asked)) void settle(state, state.asked, 'timed-out')
      return state.asked ? askedAlready(state.asked, proposal, by) : ask(state, proposal, by, allow)
    },

    async answer(code, answer) {
      if (state.asked && isOver(clock, state.asked)) await settle(state, state.asked, 'timed-out')
      const { asked } = state
      if (!asked || !isCode(code, asked.told.code)) throw new AppError('CONFIRMATION_GONE')
      await settle(state, asked, answer === 'accept' ? 'accepted' : 'refused')
    },
  }
}

function askedAlready({ told, proposal }: Asked, wanted: Proposal, by: string): Confirmation {
  if (told.by === by && JSON.stringify(proposal) === JSON.stringify(wanted)) return told
  throw new AppError('CONFIRMATION_BUSY', { detail: told.question })
}

function ask(state: State, proposal: Proposal, by: string, allow: Allow): Confirmation {
  const { clock, memory, random } = state.ports
  if (isLocked(memory.get('refusals'), clock.now().epochMilliseconds))
    throw new AppError('CONFIRMATION_LOCKED')
  const { question, changes } = wordsOf(proposal)
  const told: Confirmation = {
    code: newCode(random),
    kind: proposal.kind,
    by,
    until: isoOf(clock.now().add({ milliseconds: confirmationMs })),
    question,
    changes,
  }
  const endMs = clock.uptimeMs() + confirmationMs
  const asked: Asked = { proposal, allow, told, endMs, over: new AbortController() }
  state.asked = asked
  state.pending.value = told
  record(state.ports, { kind: 'confirmation.asked', what: proposal.kind, by })
  void expire(state, asked)
  void askInDialog(state, asked)
  return told
}

async function settle(
  state: State,
  mine: Asked,
  outcome: 'accepted' | 'refused' | 'timed-out',
): Promise<void> {
  // Answered elsewhere in the meantime.
  if (state.asked !== mine) return
  const { ports } = state
  state.asked = undefined
  state.pending.value = undefined
  mine.over.abort()
  const { proposal, told } = mine
  const { kind: what } = proposal
  if (outcome === 'accepted') {
    record(ports, { kind: 'confirmation.accepted', what, by: told.by })
    keepRefusals(ports, undefined)
    return mine.allow()
  }
  record(ports, { kind: 'confirmation.refused', what, by: told.by, reason: outcome })
  // A missing answer is no refusal.
  if (outcome === 'refused')
    keepRefusals(ports, withRefusal(ports.memory.get('refusals'), isoOf(ports.clock.now())))
}

async function expire(state: State, mine: Asked): Promise<void> {
  const { clock } = state.ports
  const end = AbortSignal.any([mine.over.signal, state.signal])
  while (!isOver(clock, mine) && !end.aborted) {
    const napMs = Math.min(Math.max(mine.endMs - clock.uptimeMs(), 1), longestNapMs)
    await sleepUntilAborted(napMs, clock, end)
  }
  if (!end.aborted) await settle(state, mine, 'timed-out')
}

function isOver(clock: Clock, { endMs }: Asked): boolean {
  return clock.uptimeMs() >= endMs
}

async function askInDialog(state: State, mine: Asked): Promise<void> {
  const { clock, dialog, log } = state.ports
  const { keep, accept } = wordsOf(mine.proposal)
  const end = AbortSignal.any([mine.over.signal, state.signal])
  try {
    const outcome = await dialog.ask({ text: textOf(mine.told), accept, refuse: keep }, end)
    if (outcome !== 'none' && !isOver(clock, mine)) await settle(state, mine, outcome)
  } catch (error) {
    if (!end.aborted) log({ event: 'confirmation-failed', ...toProblem(error) })
  }
}

function record({ note, log }: Ports, entry: Entry): void {
  try {
    note(entry)
  } catch (error) {
    // On a full disk the state says so; refusing must work all the same.
    log({ event: 'confirmation-not-recorded', ...toProblem(error) })
  }
}

function keepRefusals({ memory, log }: Ports, refusals: PrivacyFacts['refusals'] | undefined): void {
  try {
    memory.set('refusals', refusals)
  } catch (error) {
    log({ event: 'confirmation-not-kept', ...toProblem(error) })
  }
}

/** The text of the dialog: the client, the request, and the old value. */
function textOf({ by, question, changes, code }: Confirmation): string {
  const lines = changes.map(({ what, from, to }) => `${what}: ${from} → ${to}`)
  return [
    question,
    ...lines,
    `Requested by ${describeAsker(by)}`,
    `In a terminal: activity-tracker confirm ${code}`,
  ].join('\n')
}
