import type { ConnectionReport } from '../../protocol/connection-check.ts'
import type { Day } from '../../protocol/day.ts'
import type { SessionVariables } from '../../protocol/session-variables.ts'
import type { SettingName, Settings } from '../../protocol/settings.ts'
import type { OpenedNews, WantedDays } from '../opened/ports.ts'
import type { Asker } from '../privacy/asker.ts'
import type { Picture } from '../screenshots/ports.ts'

/** The commands of clients. Each may throw an AppError, which becomes the answer. */
export type Commands = {
  acknowledge(textVersion: number, asker: Asker): void | Promise<void>
  /** `by`: the name of the client, for the records. */
  pause(until: string | null, by: string): void | Promise<void>
  resume(by: string): void | Promise<void>
  screenshotNow(by: string): Promise<void>
  skipScreenshot(by: string): void
  previewHeld(object: string, size: 'small' | 'large', asker: Asker): Promise<Picture>
  unlockPictures(asker: Asker): void
  undoWeakening(by: string): Promise<void>
  confirm(code: string, answer: 'accept' | 'refuse'): Promise<void>
  blurHeld(object: string, by: string): Promise<void>
  deleteHeld(object: string, by: string): Promise<void>
  withdrawVerdict(from: string, to: string, by: string): void
  dayOf(date: string): Day
  /** Decrypts what lies here of the date or its week, and reports it in pieces; ends early when `signal` aborts. */
  openDays(
    wanted: WantedDays,
    asker: Asker,
    onNews: (news: OpenedNews) => void,
    signal: AbortSignal,
  ): Promise<void>
  openedPicture(object: string, size: 'small' | 'large', asker: Asker): Promise<Picture>
  /** Until `signal` aborts. */
  recordInput(onLines: (lines: string) => void, signal: AbortSignal): Promise<void>
  changeSetting<K extends SettingName>(name: K, value: Settings[K], asker: Asker): Promise<void>
  /** Reports every change; ends early when `signal` aborts. */
  testConnection(onReport: (report: ConnectionReport) => void, signal: AbortSignal): Promise<void>
  reloadKeys(): Promise<void>
  /** A program of this user connects from a desktop session, which may differ from the tracker's. */
  followSession(session: SessionVariables): void
  stop(): void
}
