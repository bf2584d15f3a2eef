import { namesInList } from '../../protocol/name-list.ts'
import type { SettingName, SettingValue } from '../../protocol/settings.ts'

/**
 * What records say of a new value. The name of a device may say something of the person who needs it, so of those there
 * is only how many.
 */
export function recordedSetting(name: SettingName, value: SettingValue): SettingValue {
  if (name !== 'trusted_devices') return value
  const names = namesInList(String(value))
  return names.length === 1 ? '1 name' : `${names.length} names`
}
