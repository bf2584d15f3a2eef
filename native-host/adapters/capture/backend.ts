import type { AppError } from '../../../protocol/errors.ts'
import type { ScreenCapture } from '../../screenshots/ports.ts'

/** One way to take screenshots. table.ts asks each in turn whether it can, and takes the first. */
export type CaptureBackend = ScreenCapture & {
  readonly name: string
  /** Whether it is made for sessions of this kind; costs nothing. */
  readonly fits: boolean
  /** Why this way does not work here and now (CAPTURE_NO_DISPLAY, CAPTURE_TOOL_MISSING, CAPTURE_WAYLAND); undefined when it does. */
  obstacle(signal: AbortSignal): Promise<AppError | undefined>
}

/** What a way may need. */
export type CaptureMeans = {
  env: NodeJS.ProcessEnv
  /** The path of screen-grab.ts, or of screen-grab.js in a bundle. */
  grabProgram: string
}
