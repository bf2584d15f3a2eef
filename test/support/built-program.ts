import { join } from 'node:path'

/** One of the programs of the computer as it is installed; `npm run build` makes it. */
export function builtProgram(name: 'agent' | 'bridge' | 'cli'): string {
  return join(import.meta.dirname, '..', '..', 'dist', 'native-host', `${name}.js`)
}
