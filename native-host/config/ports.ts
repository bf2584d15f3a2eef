import type { AppError } from '../../protocol/errors.ts'
import type { SettingName, Settings } from '../../protocol/settings.ts'
import type { ReadonlySignal } from '../kernel/signals.ts'
import type { ConfirmedKeys, KeySet } from './key-set.ts'

/** The settings in force, and the one way to change them. */
export type SettingsStore = {
  readonly current: ReadonlySignal<Settings>
  /** Durable when it resolves. @throws AppError SETTING_INVALID | DISK_FULL | STORE_NOT_WRITABLE */
  change<K extends SettingName>(name: K, value: Settings[K]): Promise<void>
  /** What was wrong with the stored settings when they were read. */
  readonly problems: readonly AppError[]
}

export type KeyFacts = {
  /** The keys that were confirmed last, also before the person has agreed that anything is recorded. */
  keys_confirmed: ConfirmedKeys
  /** Those of which the records say that they are confirmed, and those that were last recorded as found. */
  keys: KeySet
  keys_found: KeySet
}
