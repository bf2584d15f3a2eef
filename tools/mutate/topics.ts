import { globSync } from 'node:fs'

/** Which files `npm run mutate` changes, by topic. */
export const topics = {
  journal: ['native-host/journal/**/*.ts', 'native-host/tracking/record-lifecycle.ts'],
  verify: ['native-host/verify/**/*.ts'],
  delivery: ['native-host/delivery/**/*.ts'],
  activity: ['native-host/activity/**/*.ts'],
  timeline: ['native-host/timeline/**/*.ts'],
  input: ['native-host/input/**/*.ts'],
  detection: ['native-host/detection/**/*.ts'],
} as const satisfies Record<string, readonly string[]>

export type Topic = keyof typeof topics
export const topicNames = Object.keys(topics) as Topic[]

/** The files of a topic that are not tests, as paths from `top`. */
export function filesOf(topic: Topic, top: string): string[] {
  return globSync([...topics[topic]], { cwd: top })
    .map(path => path.replaceAll('\\', '/'))
    .filter(path => !path.endsWith('.test.ts'))
    .sort()
}
