/** What the extension in a browser knows of its private windows; `unknown` where it is not allowed in them. */
export type PrivateWindows = 'none' | 'some' | 'unknown'

/**
 * What can be said of a browser when several of its profiles say something: that there are no private windows only if
 * all of them say so.
 * @param said by each connected extension, with the name of its browser
 */
export function privateWindowsOf(
  browser: string,
  said: readonly { browser: string; windows: PrivateWindows }[],
): PrivateWindows {
  const words = said.filter(one => one.browser === browser).map(({ windows }) => windows)
  if (words.includes('some')) return 'some'
  return words.length === 0 || words.includes('unknown') ? 'unknown' : 'none'
}
