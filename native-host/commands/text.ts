import { answers } from './text/answers.ts'
import { doctor } from './text/doctor.ts'
import { exportText } from './text/export.ts'
import { help } from './text/help.ts'
import { report } from './text/report.ts'
import { restore } from './text/restore.ts'
import { share } from './text/share.ts'
import { source } from './text/source.ts'
import { spans, status } from './text/status.ts'
import { verify } from './text/verify.ts'

/**
 * Every text of the command line by its key, in English. A translation is another value of `CommandText`. What the
 * browser shows too (errors, settings, consent, causes of gaps) lies in protocol/.
 */
export const text = {
  ...answers,
  help,
  status,
  spans,
  doctor,
  restore,
  source,
  share,
  verify,
  report,
  export: exportText,
}
export type CommandText = typeof text
