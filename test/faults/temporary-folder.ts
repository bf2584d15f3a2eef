import { rmSync, statfsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const memory = '/dev/shm'
const roomBytes = 2 * 1024 ** 3

const made = new Set<string>()
process.once('exit', () => {
  // After Ctrl+C, or a failure on the way. Otherwise there is none left.
  for (const folder of made) rmSync(folder, { recursive: true, force: true })
})

/**
 * In memory where there is room: to a process that is killed or refused it is a disk like any other, and tens of
 * thousands of faults need not wait for a real one. What a loss of power does is shown on a disk of its own.
 */
export async function makeTemporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(hasRoom(memory) ? memory : tmpdir(), 'at-fault-'))
  made.add(folder)
  return folder
}

export async function removeTemporaryFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  made.delete(folder)
}

function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize >= roomBytes
  } catch {
    return false
  }
}
