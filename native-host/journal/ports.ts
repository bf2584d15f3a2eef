import type { Counts, Entry, JournalRecord } from '../../protocol/records.ts'
import type { ChainHead, HeadClaim } from './chain-head.ts'

/** The totals of one minute, in the zone of that minute. */
export type MinuteTotals = Counts & {
  /** A whole minute. */
  start: Temporal.Instant
  /** IANA name. */
  zone: string
  /** Active seconds of it that did not look genuine. */
  flagged_seconds: number
}

/** The part of a local date in one zone. A day on which the person travelled has several. */
export type ZoneDay = { date: string; zone: string; active_seconds: number; flagged_seconds: number }

/** Lines in order, each ending in a newline; `from` and `to` are the sequence numbers of the first and last. */
export type UnsealedRecords = {
  from: number
  to: number
  lines: string
  oldest: Temporal.Instant
  count: number
  /** What they follow: the record before the first of them. */
  before: ChainHead
  /** The last of them. */
  head: ChainHead
}

export type Journal = {
  /**
   * Makes the record durable before it returns. In the same transaction intervals are added to their minute, what a
   * verdict reaches back to (verdict.extended) is marked or set aside there, and what one is withdrawn from
   * (verdict.withdrawn, in whole minutes) counts again.
   * @throws AppError DISK_FULL | STORE_NOT_WRITABLE, and then nothing was written
   */
  append(entry: Entry): JournalRecord
  /** Of this or an earlier run. */
  lastWrite(): Temporal.Instant | undefined
  /** The last record of this or an earlier run; number 0 before the first. */
  head(): ChainHead
  /** The last record that was forgotten because it is sealed, or that could be: what follows it is not sealed yet. */
  sealedHead(): ChainHead
  /** The oldest records that are not sealed yet, at most `limit`; undefined when there are none. */
  unsealed(limit: number): UnsealedRecords | undefined
  /** Forgets the lines up to and including `seq`, which are safe elsewhere. The chain continues from there. */
  forget(seq: number): void
  /**
   * Totals of the minutes that were spent on a local date such as 2026-11-19, in any zone, in their order.
   * Minutes without activity may be missing.
   */
  minutesOf(date: string): MinuteTotals[]
  /** The last `limit` dates on which there was anything, the latest first, and of a date the zones in their order. */
  lastDays(limit: number): ZoneDay[]
}

export type Sealer = {
  /** age recipients, such as age1…; the holder of an identity of any of them can open everything. */
  recipients(): readonly string[]
  /**
   * An age file (https://age-encryption.org/v1) for all recipients. It contains `claim`, signed and readable
   * by anyone. `verify` does not accept a file without a claim as the tracker's. @throws AppError NO_RECIPIENT
   */
  seal(bytes: Uint8Array, claim?: HeadClaim): Promise<Uint8Array>
  /**
   * The same, and for as long as it is wanted a way to open this one file again without an identity.
   * @throws AppError NO_RECIPIENT
   */
  sealToReopen(bytes: Uint8Array, claim?: HeadClaim): Promise<{ sealed: Uint8Array; opener: Opener }>
}

/** Opens one sealed file. Its key is in the memory of this process and nowhere else. */
export type Opener = {
  /** @throws AppError OPEN_FAILED for other bytes, and for all once it was forgotten */
  open(sealed: Uint8Array): Uint8Array
  forget(): void
}

/** Zstandard, RFC 8878. */
export type Compress = (bytes: Uint8Array) => Promise<Uint8Array>

export type JournalFacts = {
  device: string
  /** How many intervals the journal ever took, in the same transaction. */
  stored_intervals: number
}
