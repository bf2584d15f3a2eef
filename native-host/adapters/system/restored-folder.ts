import { hash } from 'node:crypto'
import { appendFile, lstat, mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { AppError } from '../../../protocol/errors.ts'
import { budgets } from '../../kernel/budgets.ts'
import { namesWithin, readPlainWithin } from '../../platform/files/read-within.ts'
import { isFileError } from '../../platform/files/store-error.ts'
import { removeBestEffort, syncFolder, unfinishedName } from '../../platform/files/write-durably.ts'
import type { RestoredFacts, RestoredFolder, RestoredPlace } from '../../verify/restored-files.ts'
import { makeUserFolder, notWritable } from './user-files.ts'

/** Beside the files of a day: what was restored, a line for each. What is not in it, or not as it says, is restored again. */
const indexName = '.restored.ndjson'

const chainHead = { seq: v.number(), hash: v.string() }
const signed = { ...chainHead, device: v.string(), key: v.string(), signature: v.string() }
const lineSchema = v.object({
  name: v.string(),
  size: v.number(),
  sha256: v.string(),
  rest: v.optional(v.string()),
  head: v.optional(
    v.variant('form', [
      v.object({ form: v.literal(1), ...signed }),
      v.object({
        form: v.literal(2),
        ...signed,
        before: v.object(chainHead),
        rest: v.string(),
        number: v.number(),
        date: v.string(),
        kind: v.picklist(['records', 'screenshot']),
      }),
    ]),
  ),
})
type Line = v.InferOutput<typeof lineSchema>

/** Days overlap only around midnight: few indexes are in memory at a time. */
const mostOpen = 4

type Day = { path: string; lines: Map<string, Line>; written: boolean }

/**
 * Files appear under their names only when they are whole. The names of a day are durable when it is left.
 */
export function openRestoredFolder(root: string, form: 'opened' | 'sealed'): RestoredFolder {
  const days = new Map<string, Promise<Day>>()

  function dayOf({ folders }: RestoredPlace): Promise<Day> {
    const key = folders.join('/')
    const known = days.get(key)
    const day = known ?? openDay(root, folders)
    days.delete(key)
    days.set(key, day)
    return day
  }

  async function leave(most: number): Promise<void> {
    for (const [key, opening] of [...days].slice(0, Math.max(0, days.size - most))) {
      days.delete(key)
      // The one that asked for it has heard why it cannot be opened.
      const day = await opening.catch(() => undefined)
      if (!day?.written) continue
      await syncFolder(day.path).catch(cause => {
        throw notWritable(day.path, cause)
      })
    }
  }

  return {
    async find(place) {
      const day = await dayOf(place)
      await leave(mostOpen)
      const path = join(day.path, place.name)
      const bytes = readHere(path)
      if (!bytes) return undefined
      const sha256 = hash('sha256', bytes)
      if (form === 'sealed')
        return place.name.includes(sha256) ? { bytes, head: undefined, rest: undefined } : undefined
      const line = day.lines.get(place.name)
      return line?.sha256 === sha256 ? { bytes, head: line.head, rest: line.rest } : undefined
    },

    async has(place) {
      const path = join(root, ...place.folders, place.name)
      return (await lstat(path).catch(() => undefined))?.isFile() === true
    },

    async write(place, bytes, facts) {
      const day = await dayOf(place)
      const path = join(day.path, place.name)
      const unfinished = join(day.path, `.${place.name}.${process.pid}.tmp`)
      try {
        await makeDay(root, place.folders)
        await writeAndSync(unfinished, bytes)
        await rename(unfinished, path)
        if (form === 'opened') await note(day, place.name, bytes, facts)
        day.written = true
      } catch (cause) {
        await removeBestEffort(unfinished)
        throw cause instanceof AppError ? cause : notWritable(path, cause)
      }
    },

    finish: () => leave(0),
  }
}

async function note(day: Day, name: string, bytes: Uint8Array, { head, rest }: RestoredFacts): Promise<void> {
  const line: Line = {
    name,
    size: bytes.length,
    sha256: hash('sha256', bytes),
    ...(rest && { rest }),
    ...(head && { head }),
  }
  day.lines.set(name, line)
  await appendFile(join(day.path, indexName), `${JSON.stringify(line)}\n`, { mode: 0o600 })
}

async function openDay(root: string, folders: readonly string[]): Promise<Day> {
  const path = join(root, ...folders)
  const lines = new Map<string, Line>()
  if (!(await isThere(root, folders))) return { path, lines, written: false }
  for (const name of namesWithin(path)) {
    const writer = unfinishedName.exec(name)?.groups?.writer
    // What a killed restore left; one that runs beside this one goes on.
    if (name.startsWith('.') && writer !== undefined && !isAlive(Number(writer)))
      await removeBestEffort(join(path, name))
  }
  const bytes = readHere(join(path, indexName))
  if (!bytes) return { path, lines, written: false }
  const text = new TextDecoder().decode(bytes)
  for (const each of text.split('\n')) {
    const line = v.safeParse(v.pipe(v.string(), v.parseJson(), lineSchema), each)
    if (line.success) lines.set(line.output.name, line.output)
  }
  // What was written last may be half a line, and the next would be lost behind it.
  if (text !== '' && !text.endsWith('\n'))
    await appendFile(join(path, indexName), '\n').catch(() => undefined)
  return { path, lines, written: false }
}

/** undefined when nothing of ours is there. */
function readHere(path: string): Buffer | undefined {
  try {
    return readPlainWithin(path, budgets.objectBytes.most)
  } catch {
    return undefined
  }
}

/** @throws AppError FILE_NOT_WRITABLE when a link or a file is in the place of a folder: nothing is written through it */
async function isThere(root: string, folders: readonly string[]): Promise<boolean> {
  for (let depth = 1; depth <= folders.length; depth++) {
    const path = join(root, ...folders.slice(0, depth))
    const entry = await lstat(path).catch(() => undefined)
    if (!entry) return false
    if (!entry.isDirectory())
      throw new AppError('FILE_NOT_WRITABLE', {
        detail: `${path}: something that is no folder is in its place`,
      })
  }
  return true
}

async function makeDay(root: string, folders: readonly string[]): Promise<void> {
  if (await isThere(root, folders)) return
  await makeUserFolder(root)
  for (let depth = 1; depth <= folders.length; depth++) {
    const path = join(root, ...folders.slice(0, depth))
    await mkdir(path, { mode: 0o700 }).catch(error => {
      if (!isFileError(error, 'EEXIST')) throw error
    })
  }
  await isThere(root, folders)
}

async function writeAndSync(path: string, bytes: Uint8Array): Promise<void> {
  await rm(path, { force: true })
  await using file = await open(path, 'wx', 0o600)
  await file.writeFile(bytes)
  await file.sync()
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return !isFileError(error, 'ESRCH')
  }
}
