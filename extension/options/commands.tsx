import { CommandLine } from '../ui/command-line.tsx'

/** Commands to copy, each with what it is for. */
export function Commands({ rows }: { rows: readonly (readonly [command: string, what: string])[] }) {
  return (
    <dl class="commands">
      {rows.map(([command, what]) => (
        <div key={command}>
          <dt>
            <CommandLine command={command} />
          </dt>
          <dd class="soft small">{what}</dd>
        </div>
      ))}
    </dl>
  )
}
