/** Promises that need a storage server, and those that need none: two groups that take about as long. */
export const groupNames = ['server', 'computer'] as const
export type GroupName = (typeof groupNames)[number]
