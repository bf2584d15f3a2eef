import type { SetFinding } from './compare-devices.ts'
import type { Finding, Note } from './verify-records.ts'

/** Every finding and note in words, for the command line and for the page of a proof. */
export type Words<T extends { kind: string }> = {
  [K in T['kind']]: (found: Extract<T, { kind: K }>) => string
}

/** Follows the name of a file. */
export const findingWords: Words<Finding> = {
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
export const noteWords: Words<Note> = {
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
export const acrossWords: Words<SetFinding> = {
  'device-missing': ({ key }) => `Nothing here is signed with the key ${key}: that device is missing.`,
  'history-begun-anew': ({ devices, key }) =>
    `${devices.join(' and ')} are one device (key ${key}). Its history ended under the first name and started again ` +
    'under the next. The records in between are not here.',
}

function records(from: number, to: number): string {
  return from === to ? `record ${from} is` : `records ${from} to ${to} are`
}
