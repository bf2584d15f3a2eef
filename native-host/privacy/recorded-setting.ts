import { namesInList } from '../../protocol/name-list.ts'
import type { SettingName, SettingValue } from '../../protocol/settings.ts'

/**
 * What records state about a new value. The name of a device may reveal something about the person who needs it, so
 * records only count devices.
 */
export function recordedSetting(name: SettingName, value: SettingValue): SettingValue {
  if (name !== 'trusted_devices') return value
  const names = namesInList(String(value))
  return names.length === 1 ? '1 name' : `${names.length} names`
}
