import { access, readlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { budgets } from '../../kernel/budgets.ts'
import { readFileWithin } from '../../platform/files/read-within.ts'
import {
  firefoxIni,
  type Program,
  recogniseProgram,
  telltaleFiles,
} from '../../screenshots/browser-programs.ts'
import { isAlwaysPrivate } from './firefox-profile.ts'

/** Files change with an update, which also moves them or ends the program; so few programs are open at a time. */
const mostKnown = 100
const known = new Map<string, Promise<Program>>()

/** What the process runs, by the files beside it. @param pid as the window says it, which may be wrong or of a container */
export async function programOf(pid: number | undefined): Promise<Program> {
  if (pid === undefined || process.platform !== 'linux') return { kind: 'unknown' }
  const path = await readlink(`/proc/${pid}/exe`).catch(() => undefined)
  if (path === undefined) return { kind: 'unknown' }
  const folder = dirname(path)
  const looked = known.get(folder) ?? lookInto(folder)
  if (known.size >= mostKnown) known.clear()
  known.set(folder, looked)
  const program = await looked
  return program.kind === 'firefox'
    ? { ...program, alwaysPrivate: await isAlwaysPrivate(pid, folder) }
    : program
}

async function lookInto(folder: string): Promise<Program> {
  const found = await Promise.all(
    telltaleFiles.map(name =>
      access(join(folder, name)).then(
        () => [name],
        () => [],
      ),
    ),
  )
  const ini = found.flat().length === 0 ? '' : readOrEmpty(join(folder, firefoxIni))
  return recogniseProgram(found.flat(), ini)
}

/** The folder is that of any program with a window. */
function readOrEmpty(path: string): string {
  try {
    return readFileWithin(path, budgets.programFile.most).toString()
  } catch {
    return ''
  }
}
