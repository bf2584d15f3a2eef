import type { ReadonlySignal } from '../kernel/signals.ts'

export type PictureFormat = 'webp' | 'jpeg'

export type OutboxItem = {
  /** The key of its future object, without the destination's prefix. Never changes. */
  key: string
  bytes: number
  queuedAt: Temporal.Instant
}

export type NewItem = {
  at: Temporal.Instant
  /** A reserved number; without it, the next. */
  number?: number
  /** Exactly the bytes of the object. */
  sealed: Uint8Array
  content:
    | { kind: 'records'; from: number; to: number }
    /** `format` is webp by default. */
    | { kind: 'screenshot'; format?: PictureFormat }
}

/** The bytes of a sealed item, wherever they are stored. Only requested bytes are in memory. */
export type SealedBytes = {
  readonly size: number
  /** Lower-case hex, of all bytes. */
  readonly sha256: string
  /**
   * The bytes from `from` to before `to`. They are valid until the item is disposed of or `into` is used
   * again. `into` is memory of at least that length, to save an allocation; the bytes may lie elsewhere all
   * the same.
   * @throws AppError FILE_UNREADABLE when the disk cannot read them
   */
  slice(from: number, to: number, into?: Uint8Array): Promise<Uint8Array>
  /**
   * Resolves once all bytes were compared with the hash: those of a small item before it was opened, those of
   * a large one as they were read from beginning to end, so that sending need not wait. Await it before the
   * stored object counts.
   * @throws AppError STORE_DAMAGED: an item of an outbox is in quarantine now and not in the outbox any more
   * | FILE_UNREADABLE: it stays there, and the bytes that were read may be wrong
   */
  proven(): Promise<void>
}

export type Outbox = {
  /**
   * Reserves a number in the queue, for a record that names the item before it is put. No other item gets
   * this number.
   */
  reserve(): number
  /**
   * Resolves once the item survives a power cut.
   * @throws AppError DISK_FULL | STORE_NOT_WRITABLE, and then the item is not in the outbox
   */
  put(item: NewItem): Promise<OutboxItem>
  /** The oldest item, or the oldest of those that are younger than `after`; undefined when there is none. */
  next(after?: OutboxItem): OutboxItem | undefined
  /** Whether an item of this key still waits. */
  has(key: string): boolean
  /**
   * Compares the bytes of a small item with its hash before it resolves, see `proven`. To be disposed of.
   * @throws AppError STORE_DAMAGED: the item was moved to quarantine and is not in the outbox any more |
   * FILE_UNREADABLE: it stays there
   */
  open(item: OutboxItem): Promise<SealedBytes & AsyncDisposable>
  /** Call it only once the destination has the item. Removing twice is harmless. */
  remove(item: OutboxItem): Promise<void>
  /** The highest record number that ever was in an item, 0 before the first. */
  coveredThrough(): number
  /** Changes with every put, remove and quarantine. */
  readonly summary: ReadonlySignal<OutboxSummary>
}

export type OutboxSummary = {
  items: number
  bytes: number
  oldest: Temporal.Instant | undefined
  quarantined: number
}

export type Destination = {
  readonly kind: 'folder' | 's3'
  /** How many parallel calls of `put` are useful. */
  readonly atOnce: number
  /** For people: a path or bucket/prefix. */
  readonly where: string
  /**
   * Stores `bytes` under `key`, durably. Repeating the call is harmless: the same key always has the same bytes.
   * Calls for several keys may run at the same time. Nothing can be found under the key before the bytes are proven.
   * @throws AppError DELIVERY_FOLDER_* | UPLOAD_*; all may work later | everything that `bytes` throws
   */
  put(key: string, bytes: SealedBytes, signal: AbortSignal): Promise<void>
}

export type DeliveryFacts = {
  delivered: { count: number; last: string }
  /** The folder that was prepared as the destination. The settings may name another one since. */
  folder: string
}
