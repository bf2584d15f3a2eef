/** What the agent is told of private windows, because on most systems nothing else tells: only yes or no. */
export type PrivateWindows = 'none' | 'some' | 'unknown'

type Browser = {
  isAllowed(): Promise<boolean>
  /** Those of every window that the extension may know of. */
  windows(): Promise<readonly { incognito: boolean }[]>
}

/** Not allowed in private windows, an extension does not see them, which is not the same as none. */
export async function findPrivateWindows({ isAllowed, windows }: Browser): Promise<PrivateWindows> {
  if (!(await isAllowed())) return 'unknown'
  return (await windows()).some(({ incognito }) => incognito) ? 'some' : 'none'
}
