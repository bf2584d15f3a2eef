import { once } from 'node:events'
import { acquireLock } from '../../native-host/adapters/store/lock.ts'

/**
 * A process that wants a lock: says "ready", waits for a line, says "held" or "busy" or the error's code, and stays
 * until its input ends.
 */
const path = process.argv[2] ?? ''
console.log('ready')
await once(process.stdin, 'data')
try {
  console.log(acquireLock(path) ? 'held' : 'busy')
} catch (error) {
  console.log(error instanceof Error && 'code' in error ? String(error.code) : String(error))
}
await once(process.stdin, 'end')
