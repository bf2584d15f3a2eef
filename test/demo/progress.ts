import type { WriteStream } from 'node:tty'

/**
 * Says what happens while it happens. On a terminal the last lines are rewritten as figures change; anywhere else,
 * such as in the log of a build, every step is a line and the figures are said now and then.
 */
export type Progress = Disposable & {
  /** Begins a step; the one before it is done. */
  step(what: string): void
  /** Figures of the step that goes on. */
  figures(text: string): void
}

/** How often figures are said where a line cannot be taken back. */
const plainEveryMs = 5000

export function createProgress(out: Pick<WriteStream, 'write' | 'isTTY' | 'columns'>): Progress {
  const startedAt = performance.now()
  let current: string | undefined
  let figures = ''
  let plainSaidAt = 0

  const elapsed = () => {
    const seconds = Math.round((performance.now() - startedAt) / 1000)
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  }
  const line = (text: string) => `\r\x1b[2K${fit(text, out.columns || 100)}`
  /** The step, and below it its figures; the cursor goes back to the step. */
  const redraw = () =>
    out.write(`${line(`… ${elapsed()}  ${current}`)}\n${line(dim(`        ${figures}`))}\x1b[A\r`)
  const finish = () => {
    if (current === undefined) return
    if (out.isTTY) out.write(`\x1b[J${line(`${green('✔')} ${elapsed()}  ${current}`)}\n`)
    current = undefined
  }

  return {
    step(what) {
      finish()
      current = what
      figures = ''
      plainSaidAt = performance.now()
      if (out.isTTY) redraw()
      else out.write(`${elapsed()}  ${what}\n`)
    },
    figures(text) {
      figures = text
      if (out.isTTY) return void redraw()
      if (performance.now() - plainSaidAt < plainEveryMs) return
      plainSaidAt = performance.now()
      out.write(`${elapsed()}    ${text}\n`)
    },
    [Symbol.dispose]: finish,
  }
}

function dim(text: string): string {
  return `\x1b[2m${text}\x1b[0m`
}

function green(text: string): string {
  return `\x1b[32m${text}\x1b[0m`
}

/** A line that wraps could not be rewritten. Escape sequences take no room. */
function fit(line: string, columns: number): string {
  let room = columns - 1
  let fitted = ''
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  for (const part of line.split(/(\x1b\[[0-9;]*m)/)) {
    if (part.startsWith('\x1b')) fitted += part
    else {
      const kept = [...part].slice(0, room)
      fitted += kept.join('')
      room -= kept.length
    }
  }
  return fitted
}
