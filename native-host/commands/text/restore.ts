import { formatBytes } from '../../../protocol/byte-size.ts'
import { counted } from '../../kernel/counted.ts'

const objects = { one: 'object', other: 'objects' }

export const restore = {
  summary: 'save everything from a folder or a bucket, decrypted and verified',
  description:
    'Saves records as NDJSON and screenshots as pictures, in folders by device and date. Run it again to continue or to add ' +
    'what is new: only what is missing is fetched. Everything is verified on the way, as `activity-tracker verify` does, and ' +
    'the result is printed. What is damaged, was made for another identity or is signed with a foreign key is named and not saved. ' +
    'The exit code is 0 if nothing is wrong and 65 otherwise. The tracker need not be running.',
  sources: 'folders with uploaded files, single files (.age), or buckets',
  to: 'the folder to save in; it is created if it is missing',
  device: 'only this device, by the name of its folder; repeat it for more',
  from: 'only from this date on, such as 2026-11-01; dates are those of the folders, in UTC',
  until: 'only up to this date, which is included',
  kind: 'only records, or only screenshots',
  sealed: 'save the encrypted files as they are, such as for a backup; they are opened only to verify them',
  dryRun: 'only say how much would be fetched',
  notDate: (option: string) => `${option} takes a date such as 2026-11-01`,
  notKind: '--kind takes records or screenshots',
  would: (missing: number, bytes: number | undefined, here: number) =>
    `Would restore ${counted(missing, objects)}${bytes === undefined ? '' : `, ${formatBytes(bytes)}`}; ${here} are here already.`,
  done: (told: { restored: number; here: number; bytes: number; skipped: number; folder: string }) =>
    `Restored ${counted(told.restored, objects)} (${formatBytes(told.bytes)}) to ${told.folder}; ${told.here} were here already` +
    `${told.skipped === 0 ? '.' : `, and ${told.skipped} were skipped.`}`,
  skipped: (path: string) => `Skipped: ${path}`,
  progress: (told: {
    done: number
    total: number
    bytes: number
    perSecond: number
    left: string | undefined
  }) =>
    `Restoring … ${told.done} of ${told.total}, ${formatBytes(told.bytes)}, ${formatBytes(told.perSecond)}/s` +
    `${told.left === undefined ? '' : `, ${told.left} left`}`,
}
