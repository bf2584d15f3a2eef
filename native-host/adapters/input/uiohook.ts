import { AppError } from '../../../protocol/errors.ts'
import type { UiohookEvent } from './uiohook-events.ts'

/**
 * Hooks the keyboard and the pointer of Windows and macOS, and of an X server that our own listener does not get
 * on with. Loaded here, so that a missing system library is a failure with a name.
 *
 * @throws AppError INPUT_NOT_PERMITTED | INPUT_NO_DISPLAY | INPUT_HOOK_FAILED
 */
export async function hookWithUiohook(onEvent: (event: UiohookEvent) => void): Promise<void> {
  try {
    const { uIOhook } = await import('uiohook-napi')
    uIOhook.on('input', onEvent)
    uIOhook.start()
  } catch (cause) {
    throw describeFailure(cause)
  }
}

function describeFailure(cause: unknown): AppError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  switch (code) {
    case 'UIOHOOK_ERROR_AXAPI_DISABLED':
      return new AppError('INPUT_NOT_PERMITTED', { cause })
    case 'UIOHOOK_ERROR_X_OPEN_DISPLAY':
      return new AppError('INPUT_NO_DISPLAY', {
        detail: `DISPLAY ${process.env.DISPLAY} refuses access`,
        cause,
      })
    default: {
      // The loader names it: "libXtst.so.6: cannot open shared object file: …".
      const library = /\blib[\w.+-]+\.so[.\d]*/.exec(String(cause))?.[0]
      return new AppError('INPUT_HOOK_FAILED', { detail: library ? `missing ${library}` : code, cause })
    }
  }
}
