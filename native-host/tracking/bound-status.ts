import { escapeControls, hasControls } from '../../protocol/escape-controls.ts'
import type { Status } from '../../protocol/status.ts'
import { budgets } from '../kernel/budgets.ts'

/** Every list of a status and how much of it is sent; test/budgets.test.ts compares this with the schema. */
export const statusLists: Record<string, { most: number }> = {
  notices: budgets.statusNotices,
  days: budgets.statusDays,
  flagged_before: budgets.statusFlagged,
  'today.slots': budgets.statusSlots,
  'today.flagged_slots': budgets.statusSlots,
  'today.elsewhere': budgets.statusZones,
  'today.elsewhere.slots': budgets.statusSlots,
  'today.elsewhere.flagged_slots': budgets.statusSlots,
  'screenshots.held': budgets.statusHeld,
  'screenshots.blurred': budgets.statusBlurred,
  'keys.recipients': budgets.statusRecipients,
  'confirmation.changes': budgets.statusChanges,
  'flagged.genuineness.evidence': budgets.statusEvidence,
  'flagged.genuineness.provenance.devices': budgets.statusDevices,
  'flagged_before.genuineness.evidence': budgets.statusEvidence,
  'flagged_before.genuineness.provenance.devices': budgets.statusDevices,
}

/** A list without a row here is bounded too. */
const anyList = { most: budgets.statusNotices.most }

/**
 * Cuts lists and texts of the status so that it always fits into a message, with any content of the files in it.
 * `left_out` states how much of which list is missing. Names of files and devices in it cannot control the display.
 */
export function boundStatus(status: Status): Status {
  if (!exceeds(status, '')) return status
  const bounded = structuredClone(status)
  const leftOut: Record<string, number> = {}
  let room: number = budgets.statusBytes.most
  bound(bounded, '')
  return Object.keys(leftOut).length === 0 ? bounded : { ...bounded, left_out: leftOut }

  function bound(holder: object, path: string): void {
    for (const [key, value] of Object.entries(holder)) {
      if (typeof value === 'string') Reflect.set(holder, key, cut(value))
      else if (Array.isArray(value)) boundList(value, below(path, key))
      else if (value !== null && typeof value === 'object') bound(value, below(path, key))
    }
  }

  function boundList(list: unknown[], path: string): void {
    const { most } = statusLists[path] ?? anyList
    let kept = 0
    for (const item of list.slice(0, most)) {
      if (typeof item === 'string') list[kept] = cut(item)
      else if (item !== null && typeof item === 'object') bound(item, path)
      room -= bytesOf(list[kept])
      if (room < 0) break
      kept++
    }
    if (kept < list.length) leftOut[path] = (leftOut[path] ?? 0) + list.length - kept
    list.length = kept
  }
}

function exceeds(value: unknown, path: string): boolean {
  if (typeof value === 'string') return value.length > budgets.statusText.most || hasControls(value)
  if (Array.isArray(value)) {
    const { most } = statusLists[path] ?? anyList
    return value.length > most || value.some(item => exceeds(item, path))
  }
  if (value === null || typeof value !== 'object') return false
  return Object.entries(value).some(([key, inner]) => exceeds(inner, below(path, key)))
}

function below(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}

function cut(text: string): string {
  const { most } = budgets.statusText
  const line = escapeControls(text.slice(0, most + 1))
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`
}

/** In a message. What is in a list within a list is counted twice, which only leaves out more of it. */
function bytesOf(item: unknown): number {
  const json = JSON.stringify(item)
  return json.length + 2 * (json.match(/[\u0080-\uffff]/g)?.length ?? 0)
}
