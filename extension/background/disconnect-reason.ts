import type { Problem } from '../../protocol/errors.ts'
import { text } from '../text/catalogue.ts'

/** Whether the agent had greeted us before the port closed. */
export type LinkPhase = 'before-welcome' | 'after-welcome'

/**
 * What the browser says when a native port closes, as measured on Chromium 156 and Firefox 153. The words are
 * not part of any standard, so an unknown one falls through to what the phase suggests.
 */
const reasons: { says: RegExp; problem: (phase: LinkPhase) => Problem }[] = [
  // Chromium: no host manifest, a broken one, or one whose program is not there.
  { says: /native messaging host not found/i, problem: () => ({ code: 'HOST_MISSING' }) },
  // Firefox: the same, and also a manifest that does not name this extension.
  { says: /no such native application/i, problem: () => ({ code: 'HOST_MISSING' }) },
  {
    says: /native messaging host is forbidden/i,
    problem: () => ({ code: 'HOST_MISSING', detail: text.state.notForThisExtension }),
  },
  { says: /exceeds the limit/i, problem: () => ({ code: 'FRAME_TOO_LARGE' }) },
  { says: /error when communicating/i, problem: () => ({ code: 'FRAME_MALFORMED' }) },
  // Firefox: the manifest names a program that is not there, or what it wrote is not JSON.
  {
    says: /an unexpected error occurred/i,
    problem: phase =>
      phase === 'before-welcome'
        ? { code: 'HOST_MISSING', detail: text.state.cannotStart }
        : { code: 'FRAME_MALFORMED' },
  },
]

/** `message` is absent where Firefox reports that the host ended, and where we closed the port. */
export function problemOfDisconnect(message: string | undefined, phase: LinkPhase): Problem {
  const reason = reasons.find(({ says }) => says.test(message ?? ''))
  if (reason) return reason.problem(phase)
  return { code: phase === 'before-welcome' ? 'AGENT_START_FAILED' : 'AGENT_UNREACHABLE' }
}
