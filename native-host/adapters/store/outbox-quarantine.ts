import { rename, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { rawName, rawNames } from '../../platform/files/raw-names.ts'
import { namesWithin } from '../../platform/files/read-within.ts'
import { inStore, inStoreLater } from '../../platform/files/store-error.ts'
import { makeFolder, syncFolder } from '../../platform/files/write-durably.ts'

export type Quarantine = Awaited<ReturnType<typeof openQuarantine>>

/**
 * Where files go that cannot be delivered: nothing is deleted, and the number of files here is the number shown to
 * the user, who decides what becomes of them.
 */
export async function openQuarantine(folder: string) {
  makeFolder(folder)
  /** Byte for byte, as names that are not UTF-8 would all count as one. */
  const held = new Set(inStore(folder, () => namesWithin(folder, rawNames)))
  const note = (name: string) => held.add(rawName(name))
  const isHeld = (name: string) => held.has(rawName(name))

  return {
    folder,

    count: () => held.size,

    /** Moves the file here, by its own name or by one that can be read, and returns its new path. */
    take(path: string | Buffer, name = basename(path.toString())): Promise<string> {
      return inStoreLater(folder, async () => {
        const file = freeName(name)
        await rename(path, join(folder, file))
        await syncFolder(folder)
        await syncFolder(dirname(path.toString()))
        note(file)
        return join(folder, file)
      })
    },

    /**
     * Leaves an empty file <name>.missing for each of the files that should be in the outbox and is nowhere. One
     * that is here already was taken by a run that died before it could say so.
     */
    async noteMissing(files: readonly string[]): Promise<void> {
      const missing = files.filter(file => !isHeld(file))
      if (missing.length === 0) return
      await inStoreLater(folder, async () => {
        for (const file of missing) {
          await writeFile(join(folder, `${file}.missing`), '', { mode: 0o600, flag: 'wx' })
          note(`${file}.missing`)
        }
        await syncFolder(folder)
      })
    },
  }

  function freeName(file: string): string {
    let name = file
    for (let n = 2; isHeld(name); n++) name = `${file}.${n}`
    return name
  }
}
