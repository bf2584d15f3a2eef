import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Of every window with a title that is shown, as xdotool reads them. */
export async function titlesOn(env: NodeJS.ProcessEnv): Promise<string[]> {
  const words = ['search', '--onlyvisible', '--name', '.', 'getwindowname', '%@']
  // It fails where there is none, and where one goes while it looks.
  const { stdout } = await run('xdotool', words, { env }).catch(() => ({ stdout: '' }))
  return stdout.split('\n').filter(title => title !== '')
}
