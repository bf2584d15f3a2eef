import { counted } from '../../kernel/counted.ts'

/** What `report` shows. */
export const report = {
  head: ['', 'active', 'activity', 'idle', 'paused', 'gaps', 'flagged', 'screenshots'],
  everybody: 'all',
  progress: (done: number, total: number) => `Reading … ${done} of ${total}`,
  cleared: 'What earlier reports had kept, decrypted, is deleted.',
  page: (file: string, pictures: number, folder: string | undefined) =>
    `Saved ${file} with ${pictures} screenshots${folder === undefined ? '' : ` in ${folder}`}. It is decrypted: keep it like what it shows.`,
  picturesFailed: (count: number) => `Screenshots that could not be opened and are left out: ${count}`,
  needsFile: (format: string) => `${format} is not for a screen: name a file with --out`,
  opensPages: '--open is for --format html',
  pageName: 'report.html',
  notOpened: (file: string) => `No browser could be started. Open this file in one: ${file}`,
  allClosed: (count: number) =>
    `none of ${counted(count, { one: 'file', other: 'files' })} can be opened with this identity`,
  findings: (count: number) =>
    `${counted(count, { one: 'problem', other: 'problems' })} in all; the report names them`,
  moreFindings: (count: number) => `and ${count} more`,
  nothing: (from: string, to: string) =>
    from === '' && to === ''
      ? 'Nothing was recorded.'
      : `Nothing was recorded from ${from || 'the beginning'} to ${to || 'the end'}.`,
  zones: (zones: readonly string[]) => `time zones: ${zones.join(', then ')}`,
  flag: (
    { verdict, discarded, withdrawn }: { verdict: string; discarded: boolean; withdrawn: boolean },
    why: string,
  ) =>
    `${verdict}${withdrawn ? ', withdrawn' : discarded ? ', not counted' : ''}${why === '' ? '' : `: ${why}`}`,
  proven: (device: string, to: string) => `✔ ${device}: proven up to ${to}`,
  notProven: (device: string) => `– ${device}: not proven; "activity-tracker verify" says why`,
}
