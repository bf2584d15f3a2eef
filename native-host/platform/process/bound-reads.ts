import fs from 'node:fs'
import { readNamedWithin } from '../files/read-within.ts'

/**
 * Before a library is loaded that reads files by itself: all that it reads with `fs.readFile` together has so many bytes at
 * most. One file after the other, because each takes from what is left. Libraries find this function in the module of
 * Node, as with bound-programs.ts.
 */
export function boundReads(mostBytes: number): void {
  let left = mostBytes
  let turn = Promise.resolve()
  Reflect.set(fs, 'readFile', (path: string, ...rest: ((error: unknown, bytes?: Buffer) => void)[]) => {
    const callback = rest.at(-1)
    turn = turn.then(() =>
      readNamedWithin(path, left).then(
        bytes => {
          left -= bytes.length
          setImmediate(() => callback?.(null, bytes))
        },
        error => void setImmediate(() => callback?.(error)),
      ),
    )
  })
}
