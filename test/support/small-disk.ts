import { execFile } from 'node:child_process'
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A disk of its own that can be filled up and emptied again. */
export type SmallDisk = AsyncDisposable & {
  folder: string
  fill(): Promise<void>
  free(): Promise<void>
  /** Only while no process has a file open for writing. */
  allow(access: 'ro' | 'rw'): Promise<void>
}

/** undefined where the system lets only an administrator mount a file system. */
export async function mountSmallDisk(folder: string, bytes: number): Promise<SmallDisk | undefined> {
  await mkdir(folder, { recursive: true })
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=0700`, 'tmpfs', folder])
  } catch {
    return undefined
  }
  const filler = join(folder, 'filler')
  return {
    folder,
    async fill() {
      for (let part = 0; ; part++) {
        const { bavail, bsize } = await statfs(folder)
        if (bavail === 0) return
        // Others may take space at the same time: write what is left until nothing is.
        await writeFile(`${filler}-${part}`, Buffer.alloc(bavail * bsize)).catch(() => undefined)
        if (part > 50) throw new Error('the disk cannot be filled up')
      }
    },
    async free() {
      for (let part = 0; part <= 51; part++) await rm(`${filler}-${part}`, { force: true })
    },
    async allow(access) {
      await run('mount', ['-o', `remount,${access}`, folder])
    },
    async [Symbol.asyncDispose]() {
      // Lazily: a process that is just ending may still have a file open.
      await run('umount', ['--lazy', folder])
      await rm(folder, { recursive: true, force: true })
    },
  }
}
