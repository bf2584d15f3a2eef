/**
 * Adds up weak evidence (Page's cumulative sum, 1954): what speaks for a script raises it, what speaks for a person
 * lowers it, and it never falls below zero. So one odd minute is forgotten, while the same odd thing minute after
 * minute is not; and where the sum left zero is where the script began.
 */
export function createEvidenceSum(limit: number) {
  let sum = 0
  let from = 0
  let raisedAt = 0
  let highest = 0

  return {
    /** @param since where what is being judged began  @param at when it was known */
    add(amount: number, since: number, at: number): void {
      if (amount > 0) {
        if (sum === 0 || at - raisedAt > silentMs) from = since
        raisedAt = at
      }
      // Bounded, so that a person who returns is seen within the time that it took to see that they had left.
      sum = Math.max(0, Math.min(mostLimits * limit, sum + amount))
      if (sum > highest) highest = sum
    },
    /** 1 is the limit. */
    level: () => sum / limit,
    /** The highest level there ever was. */
    highest: () => highest / limit,
    from: () => from,
    /** The last time that anything spoke for a script. */
    raisedAt: () => raisedAt,
    reset(): void {
      sum = 0
    },
  }
}
export type EvidenceSum = ReturnType<typeof createEvidenceSum>

const mostLimits = 2.5
/** Evidence that nothing speaks against is over as well: hours later another person may type. */
export const silentMs = 300_000
