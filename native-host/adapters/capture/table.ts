import { AppError } from '../../../protocol/errors.ts'
import { siblingProgram } from '../../platform/process/sibling-program.ts'
import type { ScreenCapture } from '../../screenshots/ports.ts'
import type { CaptureBackend, CaptureMeans } from './backend.ts'
import { grim } from './grim.ts'
import { screenshotDesktop } from './screenshot-desktop.ts'
import { x11Capture } from './x11.ts'

/** The best way first. A new way is a file beside this one and a row here. */
const backends: readonly ((means: CaptureMeans) => CaptureBackend)[] = [grim, x11Capture, screenshotDesktop]

/** Asks for the way each time: displays and programs come and go while the agent runs. */
export function chooseCapture(
  env: NodeJS.ProcessEnv,
  grabProgram: string = siblingProgram(process.argv[1] ?? '', 'screen-grab'),
): ScreenCapture {
  const ways = backends.map(open => open({ env, grabProgram })).filter(({ fits }) => fits)
  return {
    async grab(which, signal) {
      let first: AppError | undefined
      for (const way of ways) {
        const obstacle = await way.obstacle(signal)
        if (obstacle === undefined) return way.grab(which, signal)
        // What stands in the way of the best one is what is worth removing.
        first ??= obstacle
      }
      throw first ?? new AppError('CAPTURE_WAYLAND')
    },
  }
}
