import type { Terminal } from './context.ts'
import { text } from './text.ts'

const patienceMs = 1000
const stepMs = 500

/** Says what is being waited for once that takes longer than a second, and for how long already. */
export async function withProgress<T>(terminal: Terminal, doing: string, work: Promise<T>): Promise<T> {
  const started = performance.now()
  const show = () => terminal.show(text.progressFor(doing, Math.round((performance.now() - started) / 1000)))
  let repeat: NodeJS.Timeout | undefined
  const patience = setTimeout(() => {
    if (!terminal.overwrites) return terminal.err([text.progress(doing)])
    show()
    repeat = setInterval(show, stepMs)
  }, patienceMs)
  try {
    return await work
  } finally {
    clearTimeout(patience)
    clearInterval(repeat)
    terminal.show('')
  }
}
