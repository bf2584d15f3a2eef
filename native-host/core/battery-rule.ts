/** Charge jumps by a percent or two when load changes; without this gap tracking would flap at the threshold. */
const recoveryPercent = 3

/**
 * Whether tracking should be suspended. A computer without a battery never is, and neither is one that charges.
 * @param thresholdPercent 0 switches the rule off
 */
export function batteryVerdict(
  battery: { percent: number; discharging: boolean } | undefined,
  thresholdPercent: number,
  suspended: boolean,
): boolean {
  if (!battery?.discharging || thresholdPercent === 0) return false
  return battery.percent < thresholdPercent + (suspended ? recoveryPercent : 0)
}
