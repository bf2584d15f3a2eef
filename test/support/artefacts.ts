import { appendFile, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** What a person looks at after a run; git ignores it. */
const folder = join(import.meta.dirname, '..', '..', 'test-artifacts')

/** A path for an artefact such as `chromium/popup-dark.png`; its folder exists. */
export async function artefact(name: string): Promise<string> {
  const path = join(folder, name)
  await mkdir(dirname(path), { recursive: true })
  return path
}

/** The same for a picture; `name` without its ending. */
export async function pictureArtefact(name: string): Promise<`${string}.png`> {
  return `${await artefact(name)}.png` as const
}

/** Adds one measured figure, as a line of JSON, to `test-artifacts/figures.ndjson`. */
export async function recordFigure(name: string, value: number, unit: string): Promise<void> {
  const line = JSON.stringify({ at: new Date().toISOString(), name, value, unit })
  await appendFile(await artefact('figures.ndjson'), `${line}\n`)
}
