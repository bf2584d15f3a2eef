import type { Refusals } from './confirmation.ts'
import type { Weakened } from './weakening.ts'

export type Notice = {
  /** Shows a notification of the desktop for some seconds. False where it has none. @param text of ours, never quoted from anywhere */
  show(text: string): Promise<boolean>
  /**
   * A notification that stays until it was seen, even in do-not-disturb mode. Resolves with a value for
   * `replaces`, with which another takes its place, and with undefined where nothing can be shown. @param
   * text as for `show`
   */
  announce(text: string, replaces?: string): Promise<string | undefined>
}

/** A window of the desktop, outside every browser, that asks the person something. */
export type ConfirmDialog = {
  /**
   * Resolves with the answer, or with `none`: nothing here can ask, or it was closed without an answer.
   * Refusing is the default, by key and by closing the window. Ends when `signal` aborts.
   */
  ask(question: DialogQuestion, signal: AbortSignal): Promise<'accepted' | 'refused' | 'none'>
}

export type DialogQuestion = { text: string; accept: string; refuse: string }

export type PrivacyFacts = {
  /** Refusals of requests of browsers; reset as soon as one is allowed. */
  refusals: Refusals
  /** What can be undone, the latest last. */
  weakened: readonly Weakened[]
}
