import { AppError } from '../../../protocol/errors.ts'
import type { ScreenCapture } from '../../ports.ts'
import { siblingProgram } from '../base/sibling-program.ts'
import type { CaptureBackend, CaptureMeans } from './backend.ts'
import { screenshotDesktop } from './screenshot-desktop.ts'

/** The best way first. A new way is a file beside this one and a row here. */
const backends: readonly ((means: CaptureMeans) => CaptureBackend)[] = [screenshotDesktop]

/** Asks for the way each time: displays and programs come and go while the agent runs. */
export function chooseCapture(
  env: NodeJS.ProcessEnv,
  grabProgram: string = siblingProgram(process.argv[1] ?? '', 'screen-grab'),
): ScreenCapture {
  const ways = backends.map(open => open({ env, grabProgram }))
  return {
    async grab(which, signal) {
      let obstacle = new AppError('CAPTURE_FAILED')
      for (const way of ways) {
        const found = await way.obstacle(signal)
        if (found === undefined) return way.grab(which, signal)
        obstacle = found
      }
      throw obstacle
    },
  }
}
