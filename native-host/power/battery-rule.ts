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

/** Why tracking is suspended and what ends it, for people. */
export function describeLow(percent: number, thresholdPercent: number): string {
  const enough = thresholdPercent + recoveryPercent
  const orCharge = enough <= 100 ? ` or at ${enough}%` : ''
  return `${percent}% left, below ${thresholdPercent}%; resumes when plugged in${orCharge}`
}
