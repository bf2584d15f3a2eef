import './command-line.css'
import { useEffect, useState } from 'preact/hooks'
import { text } from '../text/catalogue.ts'

/** A command to run in a terminal, and a button that copies it. */
export function CommandLine({ command }: { command: string }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2500)
    return () => clearTimeout(timer)
  }, [copied])

  return (
    <div class="command-line">
      <code>{command}</code>
      <button
        type="button"
        aria-label={text.command.copyLabel(command)}
        onClick={() => navigator.clipboard.writeText(command).then(() => setCopied(true))}
      >
        <span aria-live="polite">{copied ? text.command.copied : text.command.copy}</span>
      </button>
    </div>
  )
}
