import type { ReportDay, ReportScreenshot } from '../../protocol/report.ts'

/** A date of the person's clock, alone or with the week that it is in. */
export type WantedDays = { date: string; span: 'day' | 'week' }

/** What is found, in the order in which it is known. Nothing of it may be stored. */
export type OpenedNews =
  /** How many sealed files of how many were read; `unopened` of them could not be decrypted. */
  | { type: 'opening'; done: number; total: number; unopened: number }
  | { type: 'opened-pictures'; date: string; pictures: ReportScreenshot[]; left_out: number }
  | { type: 'opened-day'; day: ReportDay }

/** A sealed object of this device that lies on this computer: delivered to a folder, in the outbox, or held. */
export type LocalObject = {
  /** Without the destination's prefix, as records name it. */
  key: string
  /** UTC, of its key. */
  date: string
  seq: number
  kind: 'records' | 'screenshot'
  /** undefined when it is nowhere any more. @throws AppError FILE_UNREADABLE | PLACE_NOT_SAFE */
  sealed(): Promise<Uint8Array | undefined>
}

/** What of this device lies on this computer. Folders are listed one at a time, and files are read when their turn comes. */
export type LocalObjects = {
  /** UTC, in their order. */
  dates(): Promise<string[]>
  /** In the order of sealing. */
  of(date: string): Promise<LocalObject[]>
  /** The lines of records that are in no object yet. */
  unsealed(): readonly string[]
}

/** With the identity on this computer. */
export type OpenObject = {
  /** The lines of a segment. @throws AppError OPEN_FAILED */
  lines(sealed: Uint8Array): Promise<string[]>
  /** @throws AppError OPEN_FAILED */
  picture(sealed: Uint8Array): Promise<Uint8Array>
}
