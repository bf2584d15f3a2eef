import { dirname, extname, join } from 'node:path'
import { AppError } from '../../../protocol/errors.ts'
import type { ScreenCapture } from '../../ports.ts'
import type { CaptureBackend, CaptureMeans } from './backend.ts'
import { screenshotDesktop } from './screenshot-desktop.ts'

/** The best way first. A new way is a file beside this one and a row here. */
const backends: readonly ((means: CaptureMeans) => CaptureBackend)[] = [screenshotDesktop]

/** Asks for the way each time: displays and programs come and go while the agent runs. */
export function chooseCapture(
  env: NodeJS.ProcessEnv,
  grabProgram: string = besideThisProgram(),
): ScreenCapture {
  const ways = backends.map(open => open({ env, grabProgram }))
  return {
    async grab(signal) {
      let obstacle = new AppError('CAPTURE_FAILED')
      for (const way of ways) {
        const found = await way.obstacle(signal)
        if (found === undefined) return way.grab(signal)
        obstacle = found
      }
      throw obstacle
    },
  }
}

/** screen-grab.ts beside agent.ts, or screen-grab.js beside agent.js in a bundle. */
function besideThisProgram(): string {
  const self = process.argv[1] ?? ''
  return join(dirname(self), `screen-grab${extname(self)}`)
}
