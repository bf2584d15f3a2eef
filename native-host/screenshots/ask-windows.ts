import { sleepUntilAborted } from '../kernel/lifetime.ts'
import type { Clock } from '../kernel/ports.ts'
import type { AskedBrowser, AskWindows, WindowQuestions } from './ports.ts'
import type { WindowReport } from './private-windows.ts'

/** An extension answers within some milliseconds; of one that does not, all windows count as private. */
const answerWithinMs = 1000

/**
 * Asks extensions for their windows. Each question has a name of its own, so that an answer is never older than its
 * question, and each extension answers once.
 * @param newName returns a new name that cannot be guessed
 */
export function createWindowQuestions({
  clock,
  newName,
}: {
  clock: Clock
  newName: () => string
}): WindowQuestions & {
  ask: AskWindows
} {
  const browsers = new Set<AskedBrowser>()
  const open = new Map<
    string,
    { waiting: Set<AskedBrowser>; reports: WindowReport[]; answered: () => void }
  >()

  return {
    join: browser => void browsers.add(browser),

    leave(browser) {
      browsers.delete(browser)
      for (const question of open.values()) settle(question, browser)
    },

    async ask(signal) {
      signal.throwIfAborted()
      const waiting = new Set(browsers)
      if (waiting.size === 0) return []
      const name = newName()
      const patience = new AbortController()
      const reports: WindowReport[] = []
      open.set(name, { waiting, reports, answered: () => patience.abort() })
      try {
        for (const browser of waiting) browser.send({ type: 'ask-windows', ask: name })
        const until = AbortSignal.any([signal, patience.signal])
        await sleepUntilAborted(answerWithinMs, clock, until)
        signal.throwIfAborted()
        return reports
      } finally {
        open.delete(name)
      }
    },

    take(from, ask, windows) {
      const question = open.get(ask)
      if (!question?.waiting.has(from)) return
      question.reports.push({ pid: from.pid, windows })
      settle(question, from)
    },
  }

  function settle(
    question: { waiting: Set<AskedBrowser>; answered: () => void },
    browser: AskedBrowser,
  ): void {
    question.waiting.delete(browser)
    if (question.waiting.size === 0) question.answered()
  }
}
