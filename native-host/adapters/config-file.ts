import { readFile } from 'node:fs/promises'
import * as v from 'valibot'
import { AppError } from '../../protocol/errors.ts'
import {
  defaultSettings,
  parseSettings,
  parseSettingValue,
  type Settings,
  settingNames,
} from '../../protocol/settings.ts'
import { createCell } from '../core/cell.ts'
import type { SettingsStore } from '../ports.ts'
import { createTurns } from './in-turn.ts'
import { isFileError } from './store-error.ts'
import { brokenName, setAside, writeDurably } from './write-durably.ts'

/**
 * The settings in a JSON file that holds only what differs from the defaults, so that a later release may improve
 * a default. It is meant to be edited by hand, so nothing that somebody wrote there is ever thrown away.
 */
export async function openConfigFile(path: string): Promise<SettingsStore> {
  const { settings, problems, original } = await readSettings(path)
  const current = createCell(settings)
  const inTurn = createTurns()
  let toKeepAside = original

  return {
    current,
    problems,
    change: (name, value) =>
      inTurn(async () => {
        const next = { ...current.value, [name]: parseSettingValue(name, value) }
        if (toKeepAside) await writeDurably(brokenName(path), toKeepAside)
        toKeepAside = undefined
        await writeDurably(path, encode(next))
        if (next[name] !== current.value[name]) current.set(next)
      }),
  }
}

type Read = {
  settings: Settings
  problems: AppError[]
  /** The bytes of a file with something wrong in it, which a change would otherwise overwrite. */
  original?: Uint8Array
}

async function readSettings(path: string): Promise<Read> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(path)
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return { settings: defaultSettings, problems: [] }
    return broken(path, error)
  }
  try {
    const { settings, problems } = parseSettings(decode(bytes))
    return problems.length === 0 ? { settings, problems } : { settings, problems, original: bytes }
  } catch (error) {
    return broken(path, error, bytes)
  }
}

function broken(path: string, cause: unknown, original?: Uint8Array): Read {
  try {
    const problem = new AppError('CONFIG_BROKEN', { detail: setAside(path), cause })
    return { settings: defaultSettings, problems: [problem] }
  } catch (notWritable) {
    // Nothing can be written here, so nothing can be overwritten either; should that change, `original` is kept first.
    const problem = new AppError('CONFIG_BROKEN', { detail: path, cause: notWritable })
    return { settings: defaultSettings, problems: [problem], ...(original && { original }) }
  }
}

const objectSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.custom<Record<string, unknown>>(
    value => typeof value === 'object' && value !== null && !Array.isArray(value),
    'not an object',
  ),
)

/** @throws when the bytes are not UTF-8, not JSON or not an object */
function decode(bytes: Uint8Array): Record<string, unknown> {
  return v.parse(objectSchema, new TextDecoder('utf-8', { fatal: true }).decode(bytes))
}

function encode(settings: Settings): Uint8Array {
  const changed = settingNames
    .filter(name => settings[name] !== defaultSettings[name])
    .map(name => [name, settings[name]])
  return new TextEncoder().encode(`${JSON.stringify(Object.fromEntries(changed), null, 2)}\n`)
}
