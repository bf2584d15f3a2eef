import type { Refusals } from './confirmation.ts'
import type { Weakened } from './weakening.ts'

export type Notice = {
  /** Shows a notification of the desktop for some seconds. False where it has none. @param text of ours, never quoted from anywhere */
  show(text: string): Promise<boolean>
  /**
   * One that stays until it was seen, whatever the desktop was asked to keep back. Resolves with what `replaces` takes to
   * put another in its place, and with undefined where nothing can be shown. @param text as for `show`
   */
  announce(text: string, replaces?: string): Promise<string | undefined>
}

/** A window of the desktop, outside every browser, that asks the person something. */
export type ConfirmDialog = {
  /**
   * Resolves with the answer, or with `none`: nothing here can ask, or it was closed by something else than an answer.
   * Refusing is the default, by key and by closing the window. Ends when `signal` aborts.
   */
  ask(question: DialogQuestion, signal: AbortSignal): Promise<'accepted' | 'refused' | 'none'>
}

export type DialogQuestion = { text: string; accept: string; refuse: string }

export type PrivacyFacts = {
  /** Of what browsers asked for; gone as soon as something of it was allowed. */
  refusals: Refusals
  /** What can be undone, the latest last. */
  weakened: readonly Weakened[]
}
