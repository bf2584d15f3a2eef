import { chmod, lstat, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Writes a file that others may be reading at this moment, so that they never see half of it. The draft is
 * always a new file, never a link to another one; its mode and those of new folders are those set here, under
 * any umask.
 */
export async function replaceFile(path: string, text: string, mode: 0o644 | 0o755): Promise<void> {
  await makeFolders(dirname(path))
  const draft = `${path}.${process.pid}.new`
  await rm(draft, { force: true })
  try {
    await using file = await open(draft, 'wx', 0o600)
    await file.writeFile(text)
    await file.chmod(mode)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  await rename(draft, path)
}

/** One after the other: with a strange umask `mkdir -p` makes a folder that it cannot enter itself. */
async function makeFolders(folder: string): Promise<void> {
  if ((await lstat(folder).catch(() => undefined)) !== undefined) return
  if (folder !== dirname(folder)) await makeFolders(dirname(folder))
  try {
    await mkdir(folder)
  } catch (error) {
    // Another install was quicker.
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return
    throw error
  }
  await chmod(folder, 0o700)
}
