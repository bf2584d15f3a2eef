import { promisify } from 'node:util'
import { externalDataInterceptor } from '@smithy/core/config'
import { runShellLine } from '../base/start-program.ts'

/**
 * The program that a profile of the AWS tools names (`credential_process`) is started by the SDK with everything that our
 * environment holds. Here it gets what its row of core/program-environment.ts lists; a line that needs more can say
 * `env NAME=value program`.
 */
export function startCredentialProcessesOurWay(): void {
  // The SDK's own place for another way to start it; what it expects there is made for promisify.
  const start = Object.assign(() => undefined, {
    [promisify.custom]: (line: string) => runShellLine('credential-process', line, { env: process.env }),
  })
  externalDataInterceptor.interceptToken('exec', start)
}
