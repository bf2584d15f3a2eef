import { type DBSchema, openDB } from 'idb'
import * as v from 'valibot'
import { parseAgentMessage } from '../../protocol/messages.ts'
import type { Settings } from '../../protocol/settings.ts'
import { type Status, statusSchema } from '../../protocol/status.ts'

/**
 * The last that the agent said, so that a page shows something true at once, and while the agent is away.
 * Only what is shown anyway is kept: figures and settings, no secrets.
 */
export type History = {
  status: Status | undefined
  settings: Partial<Settings> | undefined
}

interface HistorySchema extends DBSchema {
  last: { key: keyof History; value: unknown }
}

const open = () =>
  openDB<HistorySchema>('history', 1, {
    upgrade: database => {
      database.createObjectStore('last')
    },
  })
let opened: ReturnType<typeof open> | undefined
const database = () => {
  opened ??= open()
  return opened
}

export async function remember<K extends keyof History>(
  key: K,
  value: NonNullable<History[K]>,
): Promise<void> {
  await (await database()).put('last', value, key)
}

/** What an older version wrote in another form is forgotten. */
export async function recall(): Promise<History> {
  const transaction = (await database()).transaction('last')
  const [status, settings] = await Promise.all([
    transaction.store.get('status'),
    transaction.store.get('settings'),
  ])
  return {
    status: v.is(statusSchema, status) ? status : undefined,
    settings: knownSettings(settings),
  }
}

function knownSettings(stored: unknown): Partial<Settings> | undefined {
  if (stored === undefined) return undefined
  try {
    const message = parseAgentMessage({ type: 'settings', settings: stored })
    return message.type === 'settings' ? message.settings : undefined
  } catch {
    return undefined
  }
}
