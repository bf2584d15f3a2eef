import { AppError, type ErrorCode, errorRows } from '../../../../protocol/errors.ts'

/**
 * A person who reads a bucket has other next steps than a tracker that uploads to one. Codes that are not here say the
 * same to both.
 */
const forReaders: Partial<Record<ErrorCode, ErrorCode>> = {
  UPLOAD_DENIED: 'READ_DENIED',
  UPLOAD_NO_BUCKET: 'READ_NO_BUCKET',
  UPLOAD_NO_CREDENTIALS: 'READ_NO_CREDENTIALS',
  UPLOAD_KEY_UNKNOWN: 'READ_CREDENTIALS_REFUSED',
  UPLOAD_SIGNATURE_WRONG: 'READ_CREDENTIALS_REFUSED',
  UPLOAD_CREDENTIALS_EXPIRED: 'READ_CREDENTIALS_REFUSED',
  UPLOAD_WRONG_REGION: 'READ_WRONG_REGION',
  UPLOAD_NOT_S3: 'READ_NOT_S3',
  NETWORK_NONE: 'READ_INTERRUPTED',
  DNS_SILENT: 'READ_INTERRUPTED',
  CONNECTION_CUT: 'READ_INTERRUPTED',
  CONNECTION_STALLED: 'READ_INTERRUPTED',
  UPLOAD_BUSY: 'READ_INTERRUPTED',
  UPLOAD_SERVER_ERROR: 'READ_INTERRUPTED',
  UPLOAD_STORAGE_FULL: 'READ_INTERRUPTED',
  UPLOAD_FAILED: 'READ_INTERRUPTED',
}

/** These merge several causes, which the detail then has to name. */
const merged: readonly ErrorCode[] = ['READ_INTERRUPTED', 'READ_CREDENTIALS_REFUSED']

/** @param tries how often it was tried in all */
export function toReadError(problem: AppError, tries: number): AppError {
  const code = forReaders[problem.code]
  if (code === undefined) return problem
  const detail = [
    ...(merged.includes(code) ? [errorRows[problem.code].sentence.replace(/\.$/, '')] : []),
    ...(problem.detail === undefined ? [] : [problem.detail]),
    ...(tries > 1 ? [`${tries} tries`] : []),
  ].join('; ')
  return new AppError(code, { ...(detail !== '' && { detail }), cause: problem })
}
