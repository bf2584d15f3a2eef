import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Stage } from './scenario.ts'

/** Acts again and again until the signal aborts. */
export async function repeat(signal: AbortSignal, act: (turn: number) => Promise<void>): Promise<void> {
  for (let turn = 0; !signal.aborted; turn++) await act(turn)
}

/** Input as scripts make it, on the display of the stage. */
export async function xdotool(stage: Pick<Stage, 'env'>, ...words: (string | number)[]): Promise<void> {
  const tool = spawn('xdotool', words.map(String), { env: stage.env, stdio: 'ignore' })
  await once(tool, 'exit')
}
