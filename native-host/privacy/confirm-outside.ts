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

export function createConfirmations(ports: Ports, signal: AbortSignal): Confirmations {
  const { clock, memory, dialog, log } = ports
  let asked: Asked | undefined
  const pending: Signal<Confirmation | undefined> = createSignal<Confirmation | undefined>(undefined)

  return {
    pending,

    propose(proposal, by, allow) {
      if (asked && isOver(asked)) void settle(asked, 'timed-out')
      if (asked) {
        const same = asked.told.by === by && JSON.stringify(asked.proposal) === JSON.stringify(proposal)
        if (same) return asked.told
        throw new AppError('CONFIRMATION_BUSY', { detail: asked.told.question })
      }
      if (isLocked(memory.get('refusals'), clock.now().epochMilliseconds))
        throw new AppError('CONFIRMATION_LOCKED')
      const { question, changes } = wordsOf(proposal)
      const told: Confirmation = {
        code: newCode(ports.random),
        kind: proposal.kind,
        by,
        until: isoOf(clock.now().add({ milliseconds: confirmationMs })),
        question,
        changes,
      }
      const endMs = clock.uptimeMs() + confirmationMs
      const mine = { proposal, allow, told, endMs, over: new AbortController() }
      asked = mine
      pending.value = told
      note({ kind: 'confirmation.asked', what: proposal.kind, by })
      void expire(mine)
      void askInDialog(mine)
      return told
    },

    async answer(code, answer) {
      if (asked && isOver(asked)) await settle(asked, 'timed-out')
      if (!asked || !isCode(code, asked.told.code)) throw new AppError('CONFIRMATION_GONE')
      await settle(asked, answer === 'accept' ? 'accepted' : 'refused')
    },
  }

  async function settle(mine: Asked, outcome: 'accepted' | 'refused' | 'timed-out'): Promise<void> {
    // Answered elsewhere in the meantime.
    if (asked !== mine) return
    asked = undefined
    pending.value = undefined
    mine.over.abort()
    const { proposal, told } = mine
    const { kind: what } = proposal
    if (outcome === 'accepted') {
      note({ kind: 'confirmation.accepted', what, by: told.by })
      keepRefusals(undefined)
      return mine.allow()
    }
    note({ kind: 'confirmation.refused', what, by: told.by, reason: outcome })
    // A missing answer is no refusal.
    if (outcome === 'refused') keepRefusals(withRefusal(memory.get('refusals'), isoOf(clock.now())))
  }

  async function expire(mine: Asked): Promise<void> {
    const end = AbortSignal.any([mine.over.signal, signal])
    while (!isOver(mine) && !end.aborted) {
      const napMs = Math.min(Math.max(mine.endMs - clock.uptimeMs(), 1), longestNapMs)
      await sleepUntilAborted(napMs, clock, end)
    }
    if (!end.aborted) await settle(mine, 'timed-out')
  }

  function isOver({ endMs }: Asked): boolean {
    return clock.uptimeMs() >= endMs
  }

  async function askInDialog(mine: Asked): Promise<void> {
    const { keep, accept } = wordsOf(mine.proposal)
    const end = AbortSignal.any([mine.over.signal, signal])
    try {
      const outcome = await dialog.ask({ text: textOf(mine.told), accept, refuse: keep }, end)
      if (outcome !== 'none' && !isOver(mine)) await settle(mine, outcome)
    } catch (error) {
      if (!end.aborted) log({ event: 'confirmation-failed', ...toProblem(error) })
    }
  }

  function note(entry: Entry): void {
    try {
      ports.note(entry)
    } catch (error) {
      // On a full disk the state says so; refusing must work all the same.
      log({ event: 'confirmation-not-recorded', ...toProblem(error) })
    }
  }

  function keepRefusals(refusals: ReturnType<typeof withRefusal> | undefined): void {
    try {
      memory.set('refusals', refusals)
    } catch (error) {
      log({ event: 'confirmation-not-kept', ...toProblem(error) })
    }
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
