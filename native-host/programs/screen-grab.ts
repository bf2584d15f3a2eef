import '../platform/process/guard-process.ts'
import type { GrabAnswer } from '../adapters/capture/screenshot-desktop.ts'
import { budgets } from '../kernel/budgets.ts'
import { boundPrograms } from '../platform/process/bound-programs.ts'
import { boundReads } from '../platform/process/bound-reads.ts'
import { answerAndExit, endWithAgent } from '../platform/process/run-program.ts'

/**
 * The process that takes one screenshot of every display with npm screenshot-desktop, and ends.
 *
 * It is a process of its own because of what the library does inside of its promises: when xrandr fails it leaves a
 * rejection that no caller can catch, and a promise that never settles. Here that is a failed screenshot.
 */
endWithAgent()
process.once('unhandledRejection', fail)
process.once('uncaughtException', fail)

try {
  answer({ kind: 'pictures', pictures: await grab() })
} catch (error) {
  fail(error)
}

async function grab(): Promise<Uint8Array[]> {
  boundPrograms(budgets.grabbedBytes.most)
  boundReads(budgets.grabbedFiles.most)
  const { default: screenshot } = await import('screenshot-desktop')
  // Elsewhere the system itself counts the displays, and one program takes them all.
  if (process.platform !== 'linux') return bounded(await screenshot.all())
  const displays = await screenshot.listDisplays()
  if (displays.length > budgets.xMonitors.most) throw new Error(`there are ${displays.length} displays`)
  const pictures: Uint8Array[] = []
  // One after the other, so that never more is in memory than one of them and what is allowed.
  for (const { id } of displays) bounded(pictures).push(await screenshot({ screen: id }))
  return bounded(pictures)
}

function bounded(pictures: Uint8Array[]): Uint8Array[] {
  const bytes = pictures.reduce((sum, { length }) => sum + length, 0)
  if (bytes > budgets.grabbedBytes.most) throw new Error(`the pictures have ${bytes} bytes`)
  return pictures
}

function fail(error: unknown): void {
  // The first line: "Command failed: …". What follows is the output of the program.
  const reason = String(error instanceof Error ? error.message : error).split('\n', 1)[0] ?? ''
  answer({ kind: 'failed', reason: reason.slice(0, budgets.answerOfOurs.most) })
}

function answer(message: GrabAnswer): void {
  answerAndExit(message)
}
