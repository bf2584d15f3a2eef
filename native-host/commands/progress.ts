import type { Terminal } from './context.ts'

const patienceMs = 1000
const stepMs = 500

/** Says what is being waited for once that takes longer than a second, and for how long already. */
export async function withProgress<T>(terminal: Terminal, doing: string, work: Promise<T>): Promise<T> {
  const started = performance.now()
  let shown = ''
  const show = () => {
    const seconds = Math.round((performance.now() - started) / 1000)
    if (!terminal.overwrites) {
      if (shown === '') terminal.err(`${doing} …\n`)
      shown = doing
      return
    }
    shown = `${doing} … ${seconds} s`
    terminal.err(`\r${shown}`)
  }
  let repeat: NodeJS.Timeout | undefined
  const patience = setTimeout(() => {
    show()
    repeat = setInterval(show, stepMs)
  }, patienceMs)
  try {
    return await work
  } finally {
    clearTimeout(patience)
    clearInterval(repeat)
    if (terminal.overwrites && shown) terminal.err(`\r${' '.repeat(shown.length)}\r`)
  }
}
