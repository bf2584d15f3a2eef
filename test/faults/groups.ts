/**
 * Promises that need a storage server, those that need none, and those about how soon something happens. The first two take
 * about as long and run side by side; the third must not be disturbed.
 */
export const groupNames = ['server', 'computer', 'prompt'] as const
export type GroupName = (typeof groupNames)[number]
