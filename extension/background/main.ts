import browser, { type Runtime } from 'webextension-polyfill'
import { assertAppError } from '../../protocol/assert-app-error.ts'
import { type AgentMessage, protocolVersion } from '../../protocol/messages.ts'
import type { Status } from '../../protocol/status.ts'
import { type History, remember } from '../model/history.ts'
import { longestSilenceMs, present } from '../model/presentation.ts'
import { advance, nothingKnown } from '../model/snapshot.ts'
import { welcomePage } from '../pages.ts'
import { words } from '../text/local-words.ts'
import { badgeOf, screenshotBadge } from './badge.ts'
import { browserName } from './browser-name.ts'
import { createHostLink } from './host-link.ts'
import { connectNativePort } from './native-port.ts'
import { findOwnWindows } from './own-windows.ts'
import { type BackgroundMessage, parsePageMessage } from './page-channel.ts'
import { flashMs, isNewScreenshot } from './screenshot-flash.ts'
import { showBadge } from './toolbar.ts'
import { welcomeOnce } from './welcome-once.ts'

/**
 * Holds the one connection to the native host, passes on what pages may ask and tells them what the agent says.
 * It records nothing and decides nothing. The browser may stop this script at any time and run it again, so
 * lasting data is with the agent, or in the history.
 */
const watchAlarm = 'watch-link'

let snapshot = nothingKnown
const pages = new Set<Runtime.Port>()
/** The page that waits for the answer to a request, by the request's id. */
const waiting = new Map<string, Runtime.Port>()

const link = createHostLink(
  {
    connect: connectNativePort,
    later: (ms, run) => void setTimeout(run, ms),
    monotonicMs: () => performance.now(),
  },
  {
    greeting: () => [
      {
        type: 'hello',
        protocol: protocolVersion,
        version: browser.runtime.getManifest().version,
        program: 'extension',
        name: browserName(navigator),
      },
      subscription(),
    ],
    onLink(next) {
      tell({ type: 'link', link: next })
      if (next.kind !== 'lost') return
      for (const id of [...waiting.keys()]) answer({ type: 'failed', id, problem: next.problem })
    },
    onMessage: takeAgentMessage,
  },
)

function takeAgentMessage(message: AgentMessage): void {
  switch (message.type) {
    case 'status':
      flashIfTaken(message.status)
      tell(message)
      keepStatus()
      return
    case 'settings':
      tell(message)
      keep('settings', message.settings)
      return
    case 'connection-test':
    case 'held-preview':
    case 'day':
    case 'opening':
    case 'opened-pictures':
    case 'opened-day':
    case 'opened-picture':
      waiting.get(message.id)?.postMessage(message)
      return
    case 'done':
    case 'failed':
      answer(message)
      return
    case 'ask-windows':
      answerWindows(message.ask)
      return
    case 'welcome':
    case 'refused':
    case 'recorded-input':
      return // Never told to a browser, or the link has dealt with them.
    default:
      throw message satisfies never
  }
}

function tell(message: BackgroundMessage): void {
  snapshot = advance(snapshot, message)
  for (const page of pages) page.postMessage(message)
  paintBadge()
}

function answer(message: Extract<BackgroundMessage, { type: 'done' | 'failed' }>): void {
  waiting.get(message.id)?.postMessage(message)
  waiting.delete(message.id)
}

/** Counts once a second cost the agent work, so the extension asks for them only while a page shows them. */
function subscription() {
  return { type: 'subscribe', live: pages.size > 0 } as const
}

function attachPage(port: Runtime.Port): void {
  pages.add(port)
  port.onMessage.addListener(raw => takePageMessage(port, raw))
  port.onDisconnect.addListener(() => {
    pages.delete(port)
    const left = [...waiting].filter(([, asker]) => asker === port)
    for (const [id] of left) waiting.delete(id)
    if (opening !== undefined && left.some(([id]) => id === opening)) closeOpened()
    if (pages.size === 0) link.send(subscription())
  })
  const known: BackgroundMessage[] = [{ type: 'link', link: snapshot.link }]
  if (snapshot.settings) known.push({ type: 'settings', settings: snapshot.settings })
  // A status of an earlier connection is in the history, where the page has found it already.
  if (snapshot.status && snapshot.source === 'agent') known.push({ type: 'status', status: snapshot.status })
  for (const message of known) port.postMessage(message)
  if (pages.size === 1) link.send(subscription())
  link.tryAgain()
}

function takePageMessage(port: Runtime.Port, raw: unknown): void {
  try {
    const message = parsePageMessage(raw)
    if (message.type === 'check-again') {
      link.checkAgain()
      // Where there is a connection, its answer is the proof that it works.
      link.send(subscription())
      return
    }
    waiting.set(message.id, port)
    if (message.type === 'open-days') opening = message.id
    const problem = link.send(message)
    if (problem) answer({ type: 'failed', id: message.id, problem })
  } catch (error) {
    assertAppError(error)
    console.warn(error)
  }
}

/** The request by which a page opened days last. */
let opening: string | undefined
/** The page is closed, and no other needs what is still being decrypted for it. */
function closeOpened(): void {
  opening = undefined
  link.send({ type: 'close-opened', id: crypto.randomUUID() })
}

/** Where they are and which are private, and nothing else of them: the agent decides by it what is blurred. */
function answerWindows(ask: string): void {
  findOwnWindows(() =>
    browser.windows.getAll({ windowTypes: ['normal', 'popup', 'panel', 'app', 'devtools'] }),
  ).then(
    windows => link.send({ type: 'own-windows', ask, windows }),
    error => console.warn('The windows could not be asked for', error),
  )
}

let flashing: ReturnType<typeof setTimeout> | undefined
function flashIfTaken({ screenshots }: Status): void {
  const before = snapshot.source === 'agent' ? snapshot.status?.screenshots : undefined
  if (!isNewScreenshot(before, screenshots) || snapshot.settings?.screenshot_notice === 'off') return
  clearTimeout(flashing)
  flashing = setTimeout(() => {
    flashing = undefined
    paintBadge()
  }, flashMs)
}

let shown = ''
let repaint: ReturnType<typeof setTimeout> | undefined
function paintBadge(): void {
  // Until something is known the toolbar keeps what it showed before this script was stopped.
  if (snapshot.link.kind !== 'lost' && snapshot.source === 'history') return
  const state = badgeOf(present(snapshot, Date.now(), words))
  const badge = flashing === undefined ? state : { ...state, ...screenshotBadge }
  clearTimeout(repaint)
  // If no other save follows, no other event reports this.
  repaint = setTimeout(paintBadge, longestSilenceMs + 1_000)
  const key = JSON.stringify(badge)
  if (key === shown) return
  shown = key
  showBadge(badge).catch(error => console.warn('The badge could not be set', error))
}

const keepEveryMs = 5_000
let kept = { state: '', atMs: Number.NEGATIVE_INFINITY }
function keepStatus(): void {
  const { status } = snapshot
  if (status === undefined) return
  const now = { state: JSON.stringify(status.state), atMs: performance.now() }
  if (now.state === kept.state && now.atMs - kept.atMs < keepEveryMs) return
  kept = now
  keep('status', status)
}

function keep<K extends keyof History>(key: K, value: NonNullable<History[K]>): void {
  remember(key, value).catch(error => console.warn('The history could not be written', error))
}

// Browsers want every listener in the first turn of the script: these events are what wakes it.
browser.runtime.onConnect.addListener(attachPage)
browser.runtime.onStartup.addListener(() => link.tryAgain())
browser.runtime.onInstalled.addListener(() => {
  const key = 'welcomed_to_text'
  void welcomeOnce({
    recall: async () => (await browser.storage.local.get(key))[key],
    remember: version => browser.storage.local.set({ [key]: version }),
    open: () => browser.tabs.create({ url: browser.runtime.getURL(welcomePage) }),
  })
})
browser.alarms.onAlarm.addListener(({ name }) => {
  if (name === watchAlarm) link.tryAgain()
})
void browser.alarms.create(watchAlarm, { periodInMinutes: 1 })
link.tryAgain()
