import browser, { type Runtime } from 'webextension-polyfill'
import type { ConnectionReport } from '../../protocol/connection-check.ts'
import type { Day } from '../../protocol/day.ts'
import type { Problem } from '../../protocol/errors.ts'
import type { WithoutId } from '../../protocol/messages.ts'
import {
  type BackgroundMessage,
  isNews,
  type News,
  type PageRequest,
  parseBackgroundMessage,
} from '../background/page-channel.ts'
import { recall } from '../model/history.ts'
import { advance, nothingKnown, type Snapshot } from '../model/snapshot.ts'

/** What a page may ask, without the id that is given here. */
export type Wish = WithoutId<PageRequest>
export type OpenedNews = Extract<News, { type: 'opening' | 'opened-pictures' | 'opened-day' }>
export type Preview = Pick<
  Extract<BackgroundMessage, { type: 'held-preview' }>,
  'bytes' | 'format' | 'width' | 'height'
>

/** A page's view of the tracker: what is known, and what can be asked. */
export type Tracker = {
  readonly snapshot: Snapshot
  watch(listener: () => void, signal: AbortSignal): void
  /** Resolves with what went wrong, or with undefined once the agent has done it. */
  request(wish: Wish): Promise<Problem | undefined>
  /** Tells of every step. Resolves with why there was no test, or with undefined once it has ended. */
  testConnection(onReport: (report: ConnectionReport) => void): Promise<Problem | undefined>
  /**
   * A held screenshot to be shown, or why there is none. No other client receives it, and no client keeps it.
   */
  preview(object: string, size: 'small' | 'large'): Promise<Preview | Problem>
  /** How a date went, or why that cannot be said. */
  showDay(date: string): Promise<Day | Problem>
  /** Decrypted days, in pieces. Resolves with why there are none, or with undefined once all has come. */
  openDays(
    wanted: { date: string; span: 'day' | 'week' },
    onNews: (news: OpenedNews) => void,
  ): Promise<Problem | undefined>
  /** A screenshot of the opened day. It is shown, and nothing keeps it. */
  openedPicture(object: string, size: 'small' | 'large'): Promise<Preview | Problem>
  checkAgain(): void
}

/**
 * A capture or a step of a test may take some seconds; after this time without a sign of life the page stops
 * waiting.
 */
const answerWithinMs = 30_000
const reconnectAfterMs = 300

type OnNews = (news: News) => void

/** Starts with what the history knows, which is there before the background script has answered. */
export function openTracker(): Tracker {
  let snapshot = nothingKnown
  const listeners = new Set<() => void>()
  const requests = createRequests()
  let port = connect()

  function set(next: Snapshot): void {
    snapshot = next
    for (const listener of [...listeners]) listener()
  }

  function connect(): Runtime.Port {
    const opened = browser.runtime.connect()
    opened.onMessage.addListener(raw => {
      const message = parseBackgroundMessage(raw)
      requests.take(message)
      set(advance(snapshot, message))
    })
    opened.onDisconnect.addListener(() => {
      requests.giveUp()
      // The browser stopped the background script; connecting wakes it.
      setTimeout(() => {
        port = connect()
      }, reconnectAfterMs)
    })
    return opened
  }

  function ask(wish: Wish, onNews: OnNews = () => undefined): Promise<Problem | undefined> {
    const { id, answer } = requests.begin(onNews)
    port.postMessage({ ...wish, id })
    return answer
  }

  recall().then(
    ({ status, settings }) =>
      set({ ...snapshot, status: snapshot.status ?? status, settings: snapshot.settings ?? settings }),
    error => console.warn('The history could not be read', error),
  )

  return {
    get snapshot() {
      return snapshot
    },
    watch(listener, signal) {
      listeners.add(listener)
      signal.addEventListener('abort', () => listeners.delete(listener), { once: true })
    },
    async request(wish) {
      const problem = await ask(wish)
      if (wish.type === 'change-setting' && problem === undefined) {
        // Done means that it holds from now on, even if the new settings are still on their way.
        set({ ...snapshot, settings: { ...snapshot.settings, [wish.name]: wish.value } })
      }
      return problem
    },
    testConnection: onReport =>
      ask({ type: 'test-connection' }, news => {
        if (news.type === 'connection-test') onReport(news.report)
      }),
    async preview(object, size) {
      let preview: Preview | undefined
      const problem = await ask({ type: 'preview-held', object, size }, news => {
        if (news.type === 'held-preview') preview = news
      })
      return problem ?? preview ?? { code: 'INTERNAL' }
    },
    openDays: (wanted, onNews) =>
      ask({ type: 'open-days', ...wanted }, news => {
        if (news.type === 'opening' || news.type === 'opened-pictures' || news.type === 'opened-day')
          onNews(news)
      }),
    async openedPicture(object, size) {
      let picture: Preview | undefined
      const problem = await ask({ type: 'show-opened', object, size }, news => {
        if (news.type === 'opened-picture') picture = news
      })
      return problem ?? picture ?? { code: 'INTERNAL' }
    },
    async showDay(date) {
      let day: Day | undefined
      const problem = await ask({ type: 'show-day', date }, news => {
        if (news.type === 'day') day = news.day
      })
      return problem ?? day ?? { code: 'INTERNAL' }
    },
    checkAgain: () => port.postMessage({ type: 'check-again' }),
  }
}

type Pending = {
  resolve(problem: Problem | undefined): void
  onNews: OnNews
  timer: ReturnType<typeof setTimeout>
}

/** Requests that wait for an answer. One without a sign of life for too long is given up. */
function createRequests() {
  const pending = new Map<string, Pending>()
  return {
    begin(onNews: OnNews): { id: string; answer: Promise<Problem | undefined> } {
      const id = crypto.randomUUID()
      const { promise: answer, resolve } = Promise.withResolvers<Problem | undefined>()
      pending.set(id, { resolve, onNews, timer: giveUpLater(id) })
      return { id, answer }
    },

    take(message: BackgroundMessage): void {
      if (isNews(message)) hear(message)
      else if (message.type === 'done') settle(message.id, undefined)
      else if (message.type === 'failed') settle(message.id, message.problem)
    },

    giveUp(): void {
      for (const id of [...pending.keys()]) settle(id, { code: 'AGENT_UNREACHABLE' })
    },
  }

  function settle(id: string, problem: Problem | undefined): void {
    const asked = pending.get(id)
    clearTimeout(asked?.timer)
    asked?.resolve(problem)
    pending.delete(id)
  }

  function hear(news: News): void {
    const asked = pending.get(news.id)
    if (asked === undefined) return
    clearTimeout(asked.timer)
    asked.timer = giveUpLater(news.id)
    asked.onNews(news)
  }

  function giveUpLater(id: string) {
    return setTimeout(() => settle(id, { code: 'AGENT_UNREACHABLE' }), answerWithinMs)
  }
}
