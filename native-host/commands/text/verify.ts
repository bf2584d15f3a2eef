import { counted, formFor } from '../../kernel/counted.ts'
import { acrossWords, findingWords, noteWords } from '../../verify/finding-words.ts'
import type { PassedOverKind } from '../../verify/passed-over.ts'

/** What is in a folder of uploads and is not a file of them. */
const skipped: Record<PassedOverKind, { one: string; other: string }> = {
  link: { one: 'link', other: 'links' },
  pipe: { one: 'pipe', other: 'pipes' },
  socket: { one: 'socket', other: 'sockets' },
  device: { one: 'device', other: 'devices' },
  name: { one: 'name that is not UTF-8', other: 'names that are not UTF-8' },
  unreadable: { one: 'folder that cannot be read', other: 'folders that cannot be read' },
  'too deep': { one: 'folder that is nested too deeply', other: 'folders that are nested too deeply' },
  'no objects': {
    one: 'path that was given but has no encrypted files',
    other: 'paths that were given but have no encrypted files',
  },
  'too many': { one: 'folder with too many entries', other: 'folders with too many entries' },
}

export const verify = {
  progress: (done: number, total: number) => `Verifying … ${done} of ${total}`,
  allClosed: (count: number) =>
    count === 1
      ? 'the only file does not open with this identity'
      : `none of ${count} files opens with this identity`,
  failed: (count: number) =>
    `${counted(count, { one: 'problem', other: 'problems' })} in all; each is listed above`,
  findings: findingWords,
  notes: noteWords,
  across: acrossWords,
  skipped: (kind: PassedOverKind, count: number, path: string) =>
    count === 1
      ? `skipped: 1 ${skipped[kind].one}, ${path}`
      : `skipped: ${counted(count, skipped[kind])}, the first is ${path}`,
  span: (from: string, to: string) => `, ${from} to ${to}`,
  folderOf: (device: string, folder: string) => `${device} (in the folder ${folder})`,
  counts: (counts: { records: number; segments: number; screenshots: number }) =>
    `${counted(counts.records, { one: 'record', other: 'records' })} in ` +
    `${counted(counts.segments, { one: 'segment', other: 'segments' })}, and ` +
    `${counted(counts.screenshots, { one: 'screenshot', other: 'screenshots' })}`,
  noGaps: 'No gaps.',
  gaps: 'Gaps:',
  shortGap: '< 1 s',
  moreNotes: (count: number) => `and ${count} more like these`,
  moreFindings: (count: number) => `and ${count} more`,
  nothingProven: 'Nothing wrong was found, but nothing is proven: no signature covers these records.',
  proven: (to: string) => `Proven up to ${to}: nothing was changed, moved or removed before then.`,
  endUnknown:
    'Whether anything came after it cannot be seen here: if the end was cut off, that leaves no trace.',
  noRecords: 'No records.',
  notSigned: 'Not signed: written before trackers signed records, or the signatures were removed.',
  signed: (keys: readonly string[], first: number) =>
    `Signed with the device ${formFor(keys.length, { one: 'key', other: 'keys' })} ${keys.join(', ')}. ` +
    `The first signature is at record ${first} and covers the records before it.`,
}
