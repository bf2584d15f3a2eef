import '../platform/process/guard-process.ts'
import type { GrabAnswer } from '../adapters/capture/screenshot-desktop.ts'
import { answerAndExit, endWithAgent } from '../platform/process/run-program.ts'

/**
 * The process that takes one screenshot of every display with npm screenshot-desktop, and ends.
 *
 * It is a process of its own because of what the library does inside of its promises: when xrandr fails it leaves a
 * rejection that nobody can catch, and a promise that never settles. Here that is a failed screenshot.
 */
endWithAgent()
process.once('unhandledRejection', fail)
process.once('uncaughtException', fail)

try {
  const { default: screenshot } = await import('screenshot-desktop')
  answer({ kind: 'pictures', pictures: await screenshot.all() })
} catch (error) {
  fail(error)
}

function fail(error: unknown): void {
  // The first line: "Command failed: …". What follows is the output of the program.
  const reason = String(error instanceof Error ? error.message : error).split('\n', 1)[0] ?? ''
  answer({ kind: 'failed', reason: reason.slice(0, 200) })
}

function answer(message: GrabAnswer): void {
  answerAndExit(message)
}
