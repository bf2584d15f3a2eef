import { hash } from 'node:crypto'
import type { UnstoredCounts } from '../native-host/activity/ports.ts'
import type { UnstoredInterval } from '../native-host/activity/unstored-intervals.ts'
import type { KeptFacts } from '../native-host/adapters/store/kept-facts.ts'
import type { SettingsStore } from '../native-host/config/ports.ts'
import type { NewItem, Outbox, OutboxItem, OutboxSummary } from '../native-host/delivery/ports.ts'
import type { ChainHead } from '../native-host/journal/chain-head.ts'
import { linkOf } from '../native-host/journal/chain-link.ts'
import type { Journal } from '../native-host/journal/ports.ts'
import { createSpentMinutes, type FlaggedMinute } from '../native-host/journal/spent-minutes.ts'
import { isoOf, offsetAt } from '../native-host/kernel/instants.ts'
import type { Clock, Disk, Memory } from '../native-host/kernel/ports.ts'
import { createSignal, type Signal } from '../native-host/kernel/signals.ts'
import { AppError, type ErrorCode } from '../protocol/errors.ts'
import { chainStart, type JournalRecord } from '../protocol/records.ts'
import { defaultSettings, parseSettingValue, type Settings } from '../protocol/settings.ts'
import { checkTogether } from '../protocol/settings-together.ts'
import { sealedBytes } from './support/sealed-bytes.ts'

/** Where the fakes write. Several may share one, and the test decides when it takes nothing more. */
export type FakeDisk = Disk & {
  fail(code: ErrorCode): void
  recover(): void
  /** @throws AppError while the disk takes nothing */
  write(): void
}

export function fakeDisk(): FakeDisk {
  let fault: AppError | undefined
  const check = () => {
    if (fault) throw fault
  }
  return {
    fail(code) {
      fault = new AppError(code, { detail: 'the fake disk' })
    },
    recover() {
      fault = undefined
    },
    write: check,
    check,
  }
}

const sha256 = (text: string) => hash('sha256', text)
/** Not random at all, and another for each record. */
const saltOf = (seq: number) => hash('sha256', `salt ${seq}`, 'base64url').slice(0, 22)

export function fakeJournal(clock: Clock, disk = fakeDisk()): Journal {
  let kept: { seq: number; at: Temporal.Instant; line: string; link: string; before: ChainHead }[] = []
  let head: { seq: number; hash: string; at?: Temporal.Instant } = { seq: 0, hash: chainStart }
  const minutes = createSpentMinutes()

  return {
    append(entry) {
      disk.write()
      const at = clock.now()
      const zone = clock.zone()
      const place = {
        seq: head.seq + 1,
        prev: head.hash,
        salt: saltOf(head.seq),
        at: isoOf(at),
        zone,
        offset: offsetAt(at, zone),
      }
      const record: JournalRecord = { ...place, ...entry }
      const line = JSON.stringify(record)
      const link = linkOf(line, record, sha256)
      kept.push({ seq: record.seq, at, line, link, before: { seq: head.seq, hash: head.hash } })
      head = { seq: record.seq, hash: link, at }
      minutes.note(entry, zone)
      return record
    },

    lastWrite: () => head.at,

    head: () => ({ seq: head.seq, hash: head.hash }),

    sealedHead: () => kept[0]?.before ?? { seq: head.seq, hash: head.hash },

    unsealed(limit) {
      const segment = kept.slice(0, limit)
      const [first] = segment
      const last = segment.at(-1)
      if (!first || !last) return undefined
      return {
        from: first.seq,
        to: first.seq + segment.length - 1,
        lines: segment.map(({ line }) => `${line}\n`).join(''),
        oldest: first.at,
        count: segment.length,
        before: first.before,
        head: { seq: last.seq, hash: last.link },
      }
    },

    forget(seq) {
      disk.write()
      kept = kept.filter(record => record.seq > seq)
    },

    minutesOf: date =>
      minutesOf(date).map(({ date: _, start, ...minute }) => ({
        ...minute,
        start: Temporal.Instant.fromEpochMilliseconds(start * 60_000),
      })),

    lastDays(limit) {
      const dates = [...new Set([...minutes.spent()].map(({ date }) => date))]
        .sort()
        .reverse()
        .slice(0, limit)
      return dates.flatMap(date =>
        [...Map.groupBy(minutesOf(date), ({ zone }) => zone)].map(([zone, spent]) => ({
          date,
          zone,
          active_seconds: spent.reduce((sum, minute) => sum + minute.active_seconds, 0),
          flagged_seconds: spent.reduce((sum, minute) => sum + minute.flagged_seconds, 0),
        })),
      )
    },
  }

  function minutesOf(date: string): FlaggedMinute[] {
    return [...minutes.spent()].filter(minute => minute.date === date).sort((a, b) => a.start - b.start)
  }
}

export function fakeMemory(disk = fakeDisk()): Memory<KeptFacts> {
  const facts: Partial<KeptFacts> = {}
  return {
    get: key => structuredClone(facts[key]),
    set(key, value) {
      disk.write()
      if (value === undefined) delete facts[key]
      else facts[key] = structuredClone(value)
    },
  }
}

/** @param stored as the adapter has it: how many intervals the journal took so far */
export function fakeUnstored(stored: () => number = () => 0): UnstoredCounts {
  let kept: { after: number; intervals: readonly UnstoredInterval[] } = { after: 0, intervals: [] }
  return {
    keep(intervals) {
      kept = { after: stored(), intervals: structuredClone(intervals) }
    },
    recall: () => (stored() < kept.after ? [] : kept.intervals.slice(stored() - kept.after)),
  }
}

/** `damage` makes the item unreadable, as a failing disk would. */
export type FakeOutbox = Outbox & {
  damage(item: OutboxItem): void
  /** Of something that is put there later. */
  keyOf(number: number, item: NewItem): string
}

export function fakeOutbox(disk = fakeDisk(), device = 'device'): FakeOutbox {
  const queue = new Map<string, { item: OutboxItem; sealed: Uint8Array | undefined }>()
  let lastSeq = 0
  let coveredThrough = 0
  let quarantined = 0
  const summary: Signal<OutboxSummary> = createSignal(summarise())

  return {
    async put(item: NewItem) {
      disk.write()
      return putAs(item.number ?? reserve(), item)
    },

    reserve,
    keyOf,

    next: after =>
      [...queue.values()]
        .map(({ item }) => item)
        .sort((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1))
        .find(item => after === undefined || placeOf(item) > placeOf(after)),

    has: key => queue.has(key),

    async open(item) {
      const sealed = queue.get(item.key)?.sealed
      if (sealed) return sealedBytes(sealed)
      if (queue.delete(item.key)) quarantined += 1
      summary.value = summarise()
      throw new AppError('STORE_DAMAGED', { detail: item.key })
    },

    async remove(item) {
      disk.write()
      if (queue.delete(item.key)) summary.value = summarise()
    },

    coveredThrough: () => coveredThrough,

    summary,

    damage(item) {
      queue.set(item.key, { item, sealed: undefined })
    },
  }

  function reserve(): number {
    lastSeq += 1
    return lastSeq
  }

  function putAs(seq: number, newItem: NewItem): OutboxItem {
    const { at, sealed, content } = newItem
    const item = { key: keyOf(seq, newItem), bytes: sealed.length, queuedAt: at }
    queue.set(item.key, { item, sealed: sealed.slice() })
    if (content.kind === 'records') coveredThrough = Math.max(coveredThrough, content.to)
    summary.value = summarise()
    return item
  }

  function keyOf(seq: number, { at, sealed, content }: NewItem): string {
    const picture = 'format' in content && content.format === 'jpeg' ? 'jpg' : 'webp'
    const what = content.kind === 'records' ? 'records.ndjson.zst' : `screenshot.${picture}`
    const name = `${String(seq).padStart(12, '0')}-${hash('sha256', sealed)}.${what}.age`
    return `${device}/${isoOf(at).slice(0, 10)}/${name}`
  }

  function summarise(): OutboxSummary {
    const items = [...queue.values()].map(({ item }) => item)
    const bytes = items.reduce((sum, item) => sum + item.bytes, 0)
    return { items: items.length, bytes, oldest: items[0]?.queuedAt, quarantined }
  }
}

/** Its number, behind the day. */
const placeOf = ({ key }: OutboxItem) => key.split('/')[2] ?? ''

export function fakeSettings(given: Partial<Settings> = {}, disk = fakeDisk()): SettingsStore {
  const current = createSignal<Settings>({ ...defaultSettings, ...given })
  return {
    current,
    problems: [],
    async change(name, value) {
      const parsed = parseSettingValue(name, value)
      if (name === 'bucket_name' || name === 'region' || name === 'endpoint')
        checkTogether({ ...current.value, [name]: parsed })
      await Promise.resolve()
      disk.write()
      if (current.value[name] !== parsed) current.value = { ...current.value, [name]: parsed }
    },
  }
}
