import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { builtProgram } from './built-program.ts'

export type Ended = { exit: number | null; stdout: string; stderr: string; peakBytes: number }

/** Tells on descriptor 3 how much memory the process has had at most. */
const tellsPeak = `data:text/javascript,${encodeURIComponent(
  `import { writeSync } from 'node:fs'
   process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)))`,
)}`

/** Runs the command line as it is installed to its end, and measures the most memory that it had. */
export async function runCli(
  words: readonly string[],
  {
    env,
    cwd,
    input,
    through = [],
  }: {
    env: NodeJS.ProcessEnv
    cwd?: string
    input?: Uint8Array
    /** A program and its words, which then takes its place. */
    through?: readonly string[]
  },
): Promise<Ended> {
  const command = [...through, process.execPath, '--import', tellsPeak, builtProgram('cli'), ...words]
  const [program = '', ...rest] = command
  const child = spawn(program, rest, {
    env,
    cwd,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>(resolve => child.once('close', resolve))
  child.stdin?.on('error', () => undefined).end(input)
  const [, out, err, told] = child.stdio
  if (!out || !err || !told || !('read' in told)) throw new Error('no pipes')
  const [stdout, stderr, peak] = await Promise.all([text(out), text(err), text(told)])
  return { exit: await ended, stdout, stderr, peakBytes: Number(peak) * 1024 }
}
