import type { ReadonlySignal } from '../kernel/signals.ts'

export type PictureFormat = 'webp' | 'jpeg'

export type OutboxItem = {
  /** The key of the object that it will be, without the destination's prefix. Never changes. */
  key: string
  bytes: number
  queuedAt: Temporal.Instant
}

export type NewItem = {
  at: Temporal.Instant
  /** One that was reserved; without it, the next. */
  number?: number
  /** Exactly the bytes of the object. */
  sealed: Uint8Array
  content:
    | { kind: 'records'; from: number; to: number }
    /** `format` is webp when it is not said. */
    | { kind: 'screenshot'; format?: PictureFormat }
}

/** The bytes of a sealed item, wherever they lie. Nothing is held in memory that was not asked for. */
export type SealedBytes = {
  readonly size: number
  /** Lower-case hex, of all of it. */
  readonly sha256: string
  /**
   * The bytes from `from` to before `to`, which are good until the item is disposed of, and until `into` is used again:
   * memory of at least that length, to save making new. They may lie elsewhere all the same.
   * @throws AppError FILE_UNREADABLE when the disk gives them up no more
   */
  slice(from: number, to: number, into?: Uint8Array): Promise<Uint8Array>
  /**
   * Resolves once all of the bytes were compared with the hash. Those of a small item were before it was opened; of a
   * large one that was read from its beginning to its end, those that were read are compared, so that sending it need
   * not wait. To be awaited before what was stored may count.
   * @throws AppError STORE_DAMAGED: an item of an outbox is in quarantine now and not in the outbox any more |
   * FILE_UNREADABLE: it stays there, and what was read of it may have been wrong
   */
  proven(): Promise<void>
}

export type Outbox = {
  /** A place in the queue, for what is to say it before it is put there: no other item gets this number. */
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
  /** How many calls of `put` at the same time are worth while. */
  readonly atOnce: number
  /** For people: a path or bucket/prefix. */
  readonly where: string
  /**
   * Stores `bytes` under `key`, durably. Repeating the call is harmless: the same key always has the same bytes.
   * Calls for several keys may run at the same time. Nothing can be found under the key before the bytes are proven.
   * @throws AppError DELIVERY_FOLDER_* | UPLOAD_*; all may work later | whatever `bytes` throws
   */
  put(key: string, bytes: SealedBytes, signal: AbortSignal): Promise<void>
}

export type DeliveryFacts = {
  delivered: { count: number; last: string }
  /** The folder that was prepared as the destination: another one in the settings was chosen since. */
  folder: string
}
