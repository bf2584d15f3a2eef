import type { Terminal } from './context.ts'
import { text } from './text.ts'

/** Anything but a clear yes is a no. @param question ends with `[y/N]` */
export async function askYes(terminal: Terminal, question: string): Promise<boolean> {
  return text.yes.test((await terminal.ask(question)).trim())
}
