import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import * as v from 'valibot'
import { AppError } from '../../../protocol/errors.ts'
import {
  defaultSettings,
  parseSettings,
  parseSettingValue,
  type Settings,
  settingNames,
} from '../../../protocol/settings.ts'
import { checkTogether } from '../../../protocol/settings-together.ts'
import type { SettingsStore } from '../../config/ports.ts'
import { budgets } from '../../kernel/budgets.ts'
import { createTurns } from '../../kernel/in-turn.ts'
import { createSignal } from '../../kernel/signals.ts'
import { readOwnFile } from '../../platform/files/own-files.ts'
import {
  brokenName,
  makeFolder,
  removeUnfinished,
  setAside,
  writeDurably,
} from '../../platform/files/write-durably.ts'

/**
 * The settings in a JSON file that holds only what differs from the defaults, so that a later release may improve
 * a default. It is meant to be edited by hand, so nothing that the person wrote there is ever thrown away.
 * @throws AppError PLACE_NOT_SAFE
 */
export async function openConfigFile(path: string): Promise<SettingsStore> {
  await removeUnfinished(path)
  const { settings, problems, ...read } = await readSettings(path)
  const current = createSignal(settings)
  const inTurn = createTurns()
  let { keepAside } = read

  return {
    current,
    problems,
    change: (name, value) =>
      inTurn(async () => {
        const next = { ...current.value, [name]: parseSettingValue(name, value) }
        // Only by what may break it: all else can be changed beside what was broken by hand.
        if (s3Names.some(each => each === name)) checkTogether(next)
        makeFolder(dirname(path))
        await keepAside?.()
        keepAside = undefined
        await writeDurably(path, encode(next))
        if (next[name] !== current.value[name]) current.value = next
      }),
  }
}

const s3Names = ['bucket_name', 'region', 'endpoint'] as const

type Read = {
  settings: Settings
  problems: AppError[]
  /** To be done before the file is overwritten, when there is something in it that was not understood. */
  keepAside?: () => Promise<void>
}

async function readSettings(path: string): Promise<Read> {
  let bytes: Uint8Array | undefined
  try {
    bytes = readOwnFile(path, 'open to read', budgets.configBytes.most)
  } catch (error) {
    // A user who could change it would decide where records go; without it the defaults would, which is no better.
    if (error instanceof AppError && error.code === 'PLACE_NOT_SAFE') throw error
    // Perhaps it can be read next time, so it keeps its name for now.
    return unusable(path, path, error)
  }
  if (bytes === undefined) return { settings: defaultSettings, problems: [] }
  try {
    const { settings, problems } = parseSettings(decode(bytes))
    if (problems.length === 0) return { settings, problems }
    return { settings, problems: tellable(problems), keepAside: () => writeDurably(brokenName(path), bytes) }
  } catch (error) {
    return unusable(path, setAsideIfPossible(path), error)
  }
}

/** Of thousands of them, the first few say what is wrong. */
function tellable(problems: AppError[]): AppError[] {
  const { most } = budgets.configProblems
  if (problems.length <= most) return problems
  const more = new AppError('SETTING_UNKNOWN', {
    detail: `${problems.length - most} more in config.json`,
  })
  return [more, ...problems.slice(0, most)]
}

function unusable(path: string, keptAt: string, cause: unknown): Read {
  return {
    settings: defaultSettings,
    problems: [new AppError('CONFIG_BROKEN', { detail: keptAt, cause })],
    async keepAside() {
      if (existsSync(path)) setAside(path)
    },
  }
}

/** @returns where it is now: the same place when the folder cannot be written. */
function setAsideIfPossible(path: string): string {
  try {
    return setAside(path)
  } catch {
    return path
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
