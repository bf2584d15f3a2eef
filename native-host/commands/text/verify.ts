import type { SetFinding } from '../../verify/compare-devices.ts'
import type { PassedOverKind } from '../../verify/passed-over.ts'
import type { Finding, Note } from '../../verify/verify-records.ts'
import { counted, formFor } from './counted.ts'

type Words<T extends { kind: string }> = { [K in T['kind']]: (found: Extract<T, { kind: K }>) => string }

/** Follows the name of a file. */
const findings: Words<Finding> = {
  'number-twice': () => 'another file has the same number',
  'object-changed': () => 'its content is not what its name says',
  'object-unopenable': () => 'it cannot be opened with this identity',
  'object-unreadable': ({ why }) => `it cannot be read: ${why}`,
  'line-unreadable': ({ line }) => `line ${line} is not a record`,
  'record-changed': ({ seq }) => `record ${seq} was changed after it was written`,
  'records-missing': ({ from, to }) => `${records(from, to)} missing`,
  'record-out-of-place': ({ seq }) => `record ${seq} is out of place, or is here twice`,
  'chain-begun-anew': ({ seq }) =>
    `the chain restarts at record ${seq}: the tracker lost its database there, or the chain was cut`,
  'signature-missing': () =>
    'it is not signed, but it should be: earlier files are signed, or a key was given',
  'signature-wrong': () => 'its signature was not made with the key that it names',
  'signature-copied': () => 'its signature was made for another file',
  'signature-foreign': ({ key }) => `it is signed with a key that is not trusted: ${key}`,
  'key-changed': ({ seq, key }) => `from record ${seq} on, it names another key: ${key}`,
  'form-old': () => 'it has the old format, although this device already used the new one',
  'object-moved': ({ from }) => `it belongs elsewhere: ${from}`,
  'device-renamed': ({ device }) => `this folder belongs to another device: ${device}`,
  'head-contradicted': ({ seq }) => `when it was encrypted, record ${seq} was a different one`,
  'end-missing': ({ from, to }) =>
    `it was encrypted after ${from === to ? `record ${from} was` : `records ${from} to ${to} were`} written, but ` +
    `${from === to ? 'that record is' : 'those records are'} not here`,
  'screenshot-missing': ({ seq }) => `record ${seq} names this screenshot, but it is not here`,
  'screenshot-removed': ({ seq }) =>
    `record ${seq} says that this screenshot was deleted or blurred before upload, but it is here`,
}

/** What may be harmless. */
const notes: Words<Note> = {
  'screenshot-unrecorded': ({ object }) =>
    `${object}: signed by this device, but no record here names it. The tracker may have stopped in between, or the record has not been uploaded yet`,
  'screenshot-unproven': ({ object }) =>
    `${object}: no record here names it, and nothing proves that this device made it, because it has the old format`,
  'screenshot-on-its-way': ({ object, seq }) =>
    `${object}: record ${seq} names it; it may not have been uploaded yet`,
  'records-on-their-way': ({ object, from, to }) =>
    `${object}: encrypted after ${from === to ? `record ${from} was` : `records ${from} to ${to} were`} written; ` +
    `${from === to ? 'it' : 'they'} may not have been uploaded yet`,
  'key-replaced': ({ object, seq, key }) =>
    `${object}: from record ${seq} on, the next key that was given signs: ${key}`,
}

/** What only shows when all devices are compared. */
const across: Words<SetFinding> = {
  'device-missing': ({ key }) => `Nothing here is signed with the key ${key}: that device is missing.`,
  'history-begun-anew': ({ devices, key }) =>
    `${devices.join(' and ')} are one device (key ${key}). Its history ended under the first name and started again ` +
    'under the next. The records in between are not here.',
}

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
  failed: (count: number) =>
    `${counted(count, { one: 'problem', other: 'problems' })} in all; each is listed above`,
  findings,
  notes,
  across,
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

function records(from: number, to: number): string {
  return from === to ? `record ${from} is` : `records ${from} to ${to} are`
}
