import type { Settings } from '../../protocol/settings.ts'
import type { WaitReason } from '../../protocol/status.ts'
import { batteryVerdict } from '../power/battery-rule.ts'

type World = { metered: boolean; battery: { percent: number; discharging: boolean } | undefined }

/** Whether the person wants uploads to wait right now. `known` is the answer of the last look. */
export function uploadHold(
  { metered, battery }: World,
  settings: Pick<Settings, 'upload_on_metered' | 'upload_on_low_battery' | 'battery_threshold'>,
  known: WaitReason | undefined,
): WaitReason | undefined {
  if (metered && !settings.upload_on_metered) return 'metered'
  if (settings.upload_on_low_battery) return undefined
  const low = batteryVerdict(battery, settings.battery_threshold, known === 'low-battery')
  return low ? 'low-battery' : undefined
}
