import type { XClient } from 'x11'

/** Every server has these under the same numbers (X11 protocol, appendix B). */
const lastPredefined = 68

/**
 * Lets `client` learn atoms by itself. The library keeps one table for all connections of a process, and so gives the
 * numbers of one server to another, such as the one that follows it after a crash.
 */
export function keepOwnAtoms(client: XClient): void {
  client.atoms = Object.fromEntries(Object.entries(client.atoms).filter(([, atom]) => atom <= lastPredefined))
}
