import childProcess from 'node:child_process'
import { budgets } from '../../kernel/budgets.ts'

type Start = (...given: never[]) => unknown

/**
 * Before a library is loaded that starts programs by itself, such as systeminformation: what it starts may
 * say so much and takes that time, regardless of what the library asks for. Libraries find these functions in
 * the module of Node when they are loaded; ours in start-program.ts stay as they are.
 */
export function boundPrograms(mostBytes: number): void {
  for (const name of ['exec', 'execSync', 'execFile', 'execFileSync', 'spawnSync'] as const) {
    const start: Start = childProcess[name]
    const isLine = name === 'exec' || name === 'execSync'
    Reflect.set(childProcess, name, (...given: unknown[]) => start(...bind(given, isLine, mostBytes)))
  }
}

/** A command, its words unless it is a line for a shell, options, and a callback where there is one. */
function bind(given: readonly unknown[], isLine: boolean, mostBytes: number): never[] {
  const command = given.slice(0, isLine || !Array.isArray(given[1]) ? 1 : 2)
  const rest = given.slice(command.length)
  const callback = rest.filter(one => typeof one === 'function')
  const asked = rest.find(one => typeof one === 'object' && one !== null)
  return [...command, { ...asked, ...boundsOf(asked, mostBytes) }, ...callback] as never[]
}

function boundsOf(asked: object | undefined, mostBytes: number) {
  const { maxBuffer, timeout } = { maxBuffer: mostBytes, timeout: 0, ...asked }
  return {
    maxBuffer: Math.min(maxBuffer, mostBytes),
    timeout: Math.min(timeout || Number.POSITIVE_INFINITY, budgets.toolTime.most),
    killSignal: 'SIGKILL',
  }
}
