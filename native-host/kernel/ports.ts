import type { AppError } from '../../protocol/errors.ts'

export type Clock = {
  now(): Temporal.Instant
  /** Milliseconds on the machine's clock that never jumps, the same that input events carry. */
  monotonicMs(): number
  /**
   * Milliseconds since the computer was started, sleep included: the time of a wall clock that is never set.
   * To 10 ms on Linux.
   */
  uptimeMs(): number
  /** The IANA time zone of the computer, as it was when it was last read. */
  zone(): string
  /** Reads it again, which takes some microseconds. `problem`: ZONE_UNCLEAR, and `zone` is the fallback. */
  readZone(): { zone: string; problem: AppError | undefined }
  /** Rejects with the signal's reason when it aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

export type Disk = {
  /**
   * Throws the error that storing would throw, as far as it can be known without writing. Costs next to nothing.
   * @throws AppError DISK_FULL | STORE_NOT_WRITABLE
   */
  check(): void
}

/** Small facts that must survive a crash. `Facts`: the facts of one topic. Each key has one writer. */
export type Memory<Facts> = {
  get<K extends keyof Facts>(key: K): Facts[K] | undefined
  /** Durable when it returns; undefined forgets. @throws AppError DISK_FULL | STORE_NOT_WRITABLE */
  set<K extends keyof Facts>(key: K, value: Facts[K] | undefined): void
}

/** What goes into the log file. Only these fields exist, so that nothing else can be logged by mistake. */
export type LogEvent = {
  event: string
  code?: string
  detail?: string | undefined
  pid?: number
  ms?: number
  count?: number
  /** For INTERNAL errors only: where it happened. Never the message, which may quote data. */
  stack?: string
}

export type Log = (event: LogEvent) => void
