import { appendFile, lstat, mkdir, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { AppError } from '../../../protocol/errors.ts'
import { namesWithin } from '../../platform/files/read-within.ts'
import { isFileError } from '../../platform/files/store-error.ts'
import { notWritable } from './user-files.ts'

/** A folder in which only this user may read. Paths in it are relative, and never lead out of it. */
export type ExportFolder = AsyncDisposable & {
  /** Never over another file. @throws AppError FILE_EXISTS | FILE_NOT_WRITABLE */
  write(path: string, bytes: Uint8Array | string): Promise<void>
  /** @throws AppError FILE_NOT_WRITABLE */
  append(path: string, text: string): Promise<void>
  /** Leaves it where it is when the other name is taken. */
  move(from: string, to: string): Promise<'moved' | 'taken'>
  /** Gives the folder its name. Without it, disposing removes everything again. @throws AppError FILE_EXISTS | FILE_NOT_WRITABLE */
  finish(): Promise<void>
}

/** What an export that is not whole yet is called, and the file in it by which a later run knows it as one. */
const ending = '.unfinished'
const mark = '.activity-tracker-export'

/**
 * A folder that gets its name only when everything is in it. Nothing is written over: in its place may be an empty folder or
 * nothing. What an export that was killed left beside it is removed first.
 * @throws AppError FILE_EXISTS | FILE_NOT_WRITABLE
 */
export async function makeExportFolder(named: string): Promise<ExportFolder> {
  const path = resolve(named)
  const unfinished = path + ending
  await refuseTaken(path)
  await removeUnfinished(unfinished)
  await writing(unfinished, async () => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await mkdir(unfinished, { mode: 0o700 })
    await writeFile(join(unfinished, mark), '', { mode: 0o600, flag: 'wx' })
  })
  let finished = false
  const made = new Set<string>()

  async function within(name: string): Promise<string> {
    const inner = resolve(unfinished, name)
    if (!inner.startsWith(unfinished + sep)) throw new AppError('INTERNAL', { detail: 'a path leads out' })
    const folder = dirname(inner)
    if (!made.has(folder)) await mkdir(folder, { recursive: true, mode: 0o700 })
    made.add(folder)
    return inner
  }

  return {
    write: (name, bytes) =>
      writing(join(path, name), async () =>
        writeFile(await within(name), bytes, { mode: 0o600, flag: 'wx' }),
      ),

    append: (name, text) =>
      writing(join(path, name), async () => appendFile(await within(name), text, { mode: 0o600 })),

    move: (from, to) =>
      writing(join(path, to), async () => {
        const target = await within(to)
        if (await lstat(target).catch(() => undefined)) return 'taken'
        await rename(await within(from), target)
        return 'moved'
      }),

    async finish() {
      await writing(path, async () => {
        await rm(join(unfinished, mark))
        // An empty folder gives way where the system does not do it by itself.
        await rmdir(path).catch(() => undefined)
        await rename(unfinished, path)
      })
      finished = true
    },

    async [Symbol.asyncDispose]() {
      if (!finished) await rm(unfinished, { recursive: true, force: true }).catch(() => undefined)
    },
  }
}

async function refuseTaken(path: string): Promise<void> {
  const entry = await lstat(path).catch(() => undefined)
  if (!entry) return
  const isEmpty = entry.isDirectory() && (await writing(path, async () => isEmptyFolder(path)))
  if (!isEmpty) throw new AppError('FILE_EXISTS', { detail: path })
}

/** Only what an export made: a folder of that name with anything else in it stays. */
async function removeUnfinished(path: string): Promise<void> {
  const entry = await lstat(path).catch(() => undefined)
  if (!entry) return
  const isOurs =
    entry.isDirectory() &&
    (isEmptyFolder(path) || (await lstat(join(path, mark)).catch(() => undefined))?.isFile())
  if (!isOurs) throw new AppError('FILE_EXISTS', { detail: path })
  await writing(path, () => rm(path, { recursive: true }))
}

function isEmptyFolder(path: string): boolean {
  for (const _ of namesWithin(path, 'latin1', 1)) return false
  return true
}

async function writing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw isFileError(cause, 'EEXIST')
      ? new AppError('FILE_EXISTS', { detail: path, cause })
      : notWritable(path, cause)
  }
}
