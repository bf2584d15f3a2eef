import type { AppError } from '../../protocol/errors.ts'
import type { SettingName, Settings } from '../../protocol/settings.ts'
import type { ReadonlySignal } from '../kernel/signals.ts'
import type { ConfirmedKeys, KeySet } from './key-set.ts'

/** The settings in force, and the one way to change them. */
export type SettingsStore = {
  readonly current: ReadonlySignal<Settings>
  /** Durable when it resolves. @throws AppError SETTING_INVALID | DISK_FULL | STORE_NOT_WRITABLE */
  change<K extends SettingName>(name: K, value: Settings[K]): Promise<void>
  /** The problem with the stored settings when they were read. */
  readonly problems: readonly AppError[]
}

export type KeyFacts = {
  /** The keys that were confirmed last, also before the person has consented to recording. */
  keys_confirmed: ConfirmedKeys
  /** The keys that the records state as confirmed, and those that they last state as found. */
  keys: KeySet
  keys_found: KeySet
}
