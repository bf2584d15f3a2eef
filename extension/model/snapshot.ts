import type { Settings } from '../../protocol/settings.ts'
import type { Status } from '../../protocol/status.ts'
import type { BackgroundMessage, Link } from '../background/page-channel.ts'

/** All that a page or the badge knows at a moment. */
export type Snapshot = {
  link: Link
  status: Status | undefined
  settings: Partial<Settings> | undefined
  /** Whether `status` comes from the connection as it stands, or was kept from an earlier one. */
  source: 'agent' | 'history'
}

export const nothingKnown: Snapshot = {
  link: { kind: 'connecting' },
  status: undefined,
  settings: undefined,
  source: 'history',
}

/** Answers to requests, and how far they got, change nothing here: what came of them arrives as a status or as settings. */
export function advance(snapshot: Snapshot, message: BackgroundMessage): Snapshot {
  switch (message.type) {
    case 'link':
      return {
        ...snapshot,
        link: message.link,
        source: message.link.kind === 'connected' ? snapshot.source : 'history',
      }
    case 'status':
      return { ...snapshot, status: message.status, source: 'agent' }
    case 'settings':
      return { ...snapshot, settings: message.settings }
    case 'connection-test':
    case 'held-preview':
    case 'day':
    // What is decrypted is the page's that asked, and is kept nowhere.
    case 'opening':
    case 'opened-pictures':
    case 'opened-day':
    case 'opened-picture':
    case 'done':
    case 'failed':
      return snapshot
    default:
      throw message satisfies never
  }
}
