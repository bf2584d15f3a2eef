/** For this time the toolbar button shows that a screenshot was taken. */
export const flashMs = 4_000

/**
 * Whether a screenshot was just taken, as far as two statuses in a row can tell. The first status after the start of
 * this script tells nothing: the screenshot in it may be an hour old.
 */
export function isNewScreenshot(
  before: { last: string | null } | undefined,
  now: { last: string | null },
): boolean {
  return before !== undefined && now.last !== null && now.last !== before.last
}
