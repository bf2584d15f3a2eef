import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** The Python of the system, where Debian's package python3-pynput puts it. */
const python = '/usr/bin/python3'

/** A pynput that listens beside us to the same display; undefined where it is not installed. */
export async function startPynput(
  env: NodeJS.ProcessEnv,
): Promise<({ pid: number } & Disposable) | undefined> {
  const peer = spawn(python, [join(import.meta.dirname, 'peer-pynput.py')], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const first = await Promise.race([once(peer.stdout, 'data'), once(peer, 'exit'), once(peer, 'error')])
  const { pid } = peer
  if (pid === undefined || !String(first[0]).startsWith('ready')) {
    console.error('pynput is not here to compare with: sudo apt install python3-pynput')
    return undefined
  }
  return { pid, [Symbol.dispose]: () => void peer.kill() }
}
