import type { Confirmation } from '../../protocol/confirmation.ts'
import { AppError } from '../../protocol/errors.ts'

/** The answer to a request that the person has to allow first. */
export function waitsFor({ code }: Confirmation): AppError {
  return new AppError('CONFIRMATION_WAITS', { detail: code })
}
