import { AppError } from './errors.ts'

/** For a `catch` that deals with errors of ours. @throws the error itself when it is another one, which is a bug */
export function assertAppError(error: unknown): asserts error is AppError {
  if (!(error instanceof AppError)) throw error
}
