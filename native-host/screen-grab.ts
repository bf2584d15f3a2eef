import type { GrabMessage } from './adapters/capture/grab-channel.ts'

/**
 * The process that takes one screenshot of every display with npm screenshot-desktop, and ends.
 *
 * It is a process of its own because of what the library does inside of its promises: when xrandr fails it leaves a
 * rejection that nobody can catch, and a promise that never settles. Here that is a failed screenshot. It leads a
 * process group, so that the agent can end it together with every program that the library has started.
 */
process.once('disconnect', endGroup)
process.once('unhandledRejection', fail)
process.once('uncaughtException', fail)

try {
  const { default: screenshot } = await import('screenshot-desktop')
  say({ kind: 'pictures', pictures: await screenshot.all() })
} catch (error) {
  fail(error)
}

function fail(error: unknown): void {
  // The first line: "Command failed: …". What follows is the output of the program.
  const reason = String(error instanceof Error ? error.message : error).split('\n', 1)[0] ?? ''
  say({ kind: 'failed', reason: reason.slice(0, 200) })
}

function say(message: GrabMessage): void {
  process.send?.(message, undefined, undefined, () => process.exit())
}

/** The agent is gone, and with it the reason for all this. */
function endGroup(): void {
  if (process.platform === 'win32') process.exit()
  else process.kill(-process.pid, 'SIGKILL')
}
