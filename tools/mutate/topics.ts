import { globSync } from 'node:fs'

/** Which files `npm run mutate` changes, by topic. A glob that matches no file is passed over. */
export const topics = {
  journal: [
    'native-host/journal/**/*.ts',
    'native-host/core/{chain-head,chain-link,sealed-head,segment-rule,start-gap}.ts',
    'native-host/flows/{seal-journal,note-gaps}.ts',
    'native-host/tracking/record-lifecycle.ts',
  ],
  verify: [
    'native-host/verify/**/*.ts',
    'native-host/core/{check-chain,check-heads,check-keys,check-pictures,verify-records,object-order}.ts',
  ],
  delivery: [
    'native-host/delivery/**/*.ts',
    'native-host/core/{retry-after,retry-limits,work-in-order,outbox-quota,upload-hold}.ts',
    'native-host/flows/{drain-outbox,hold-uploads,pace-uploads,watch-quota}.ts',
  ],
  activity: [
    'native-host/activity/**/*.ts',
    'native-host/core/{interval-grid,join-intervals,waiting-entries,flagged-stretch,unstored-intervals}.ts',
    'native-host/flows/{track-activity,record-input,remember-flagged}.ts',
  ],
  timeline: [
    'native-host/timeline/**/*.ts',
    'native-host/core/{course,course-record,day-stretches,lane-blocks,gap-claims,explain-holes,gaps,wall-time}.ts',
    'native-host/timeline/follow-day.ts',
  ],
  input: [
    'native-host/input/**/*.ts',
    'native-host/core/{input-event,input-sources,input-window,recording}.ts',
  ],
  detection: ['native-host/detection/**/*.ts', 'native-host/core/genuineness/**/*.ts'],
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
