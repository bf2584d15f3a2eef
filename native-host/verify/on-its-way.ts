/** An object that was due this recently may still be on its way: several uploads run at once, and a copy of a bucket takes a while. */
const onItsWayMs = 900_000
/** A computer may be off for that long with something on it that is not delivered. */
const oldMs = 7 * 86_400_000

export function isOnItsWay(dueMs: number, nowMs: number): boolean {
  return dueMs + onItsWayMs > nowMs
}

/** A device that was silent for this long does not count as about to deliver. */
export function isOld(lastMs: number, nowMs: number): boolean {
  return nowMs - lastMs > oldMs
}
