import { existsSync, statSync } from 'node:fs'
import { rm, rmdir } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { AppError } from '../../../protocol/errors.ts'
import { isOwn, readOwnFile } from './own-files.ts'
import { type Places, placesOf } from './places.ts'
import { isSeparate } from './separate-tracker.ts'
import { makeFolder, writeNewDurably } from './write-durably.ts'

type Surroundings = { env: NodeJS.ProcessEnv; account?: string | undefined; platform?: NodeJS.Platform }

/**
 * Where this account's tracker is (docs/decisions/0031): environments differ between programs, so the system's list of
 * users names the home, and a file there may name another folder. ACTIVITY_TRACKER_HOME alone leads to no other one: it
 * selects a folder that the person made a separate tracker. `ownTrackerBeside` then names the account's own one.
 * @throws AppError SECOND_TRACKER | ACCOUNT_UNKNOWN | PLACE_NOT_SAFE | FILE_UNREADABLE
 */
export async function findPlaces(surroundings: Surroundings): Promise<Places> {
  const { env, platform } = surroundings
  const chosen = env.ACTIVITY_TRACKER_HOME ? placesOf(env, platform) : undefined
  if (chosen && isSeparate(chosen)) return chosen
  const own = await findOwnPlaces(surroundings)
  if (chosen && !isSameFolder(chosen.home, own.home))
    throw new AppError('SECOND_TRACKER', { detail: `it names ${chosen.home}, and yours is ${own.home}` })
  return own
}

async function findOwnPlaces({ env, account = accountHome(env), platform }: Surroundings): Promise<Places> {
  const named = readPointer(account)
  if (named !== undefined) return placesOf({ ACTIVITY_TRACKER_HOME: named }, platform)
  const usual = placesOf({ HOME: account }, platform)
  const { XDG_DATA_HOME, LOCALAPPDATA } = env
  const earlier = placesOf({ HOME: account, XDG_DATA_HOME, LOCALAPPDATA }, platform)
  if (existsSync(usual.home) || earlier.home === usual.home || !isTracker(earlier)) return usual
  // Records that a release before this one kept elsewhere, in a folder that only the environment named.
  await writePointer(account, earlier.home)
  return earlier
}

/** The folder of the account's own tracker, where ACTIVITY_TRACKER_HOME chose another and there is one. Never fails. */
export function ownTrackerBeside(
  { home }: Pick<Places, 'home'>,
  { env, account }: Surroundings,
): string | undefined {
  if (!env.ACTIVITY_TRACKER_HOME) return undefined
  try {
    const ofAccount = account ?? accountHome(env)
    const named = readPointer(ofAccount)
    const own = placesOf(named === undefined ? { HOME: ofAccount } : { ACTIVITY_TRACKER_HOME: named })
    return isTracker(own) && !isSameFolder(own.home, home) ? own.home : undefined
  } catch {
    // An account without a home has no tracker of its own there.
    return undefined
  }
}

export function isSameFolder(one: string, other: string): boolean {
  if (resolve(one) === resolve(other)) return true
  const [a, b] = [one, other].map(path => statSync(path, { throwIfNoEntry: false }))
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino
}

/** The home of this account as the system lists it. @throws AppError ACCOUNT_UNKNOWN */
export function accountHome(env: NodeJS.ProcessEnv): string {
  const listed = homeInList()
  if (listed !== undefined) return listed
  // A user without an entry, as in a container, has nothing but the environment. It must at least be theirs.
  const { HOME: home } = env
  const entry = home && isAbsolute(home) ? statSync(home, { throwIfNoEntry: false }) : undefined
  if (home && entry?.isDirectory() && isOwn(entry)) return home
  throw new AppError('ACCOUNT_UNKNOWN', { detail: `user number ${process.getuid?.() ?? 'unknown'}` })
}

function homeInList(): string | undefined {
  try {
    const { homedir } = userInfo()
    return isAbsolute(homedir) ? homedir : undefined
  } catch {
    // There is no entry for this user.
    return undefined
  }
}

/** The one file that may name another folder for all programs of this account. */
export function pointerOf(account: string): string {
  return join(account, '.config', 'activity-tracker', 'home')
}

function readPointer(account: string): string | undefined {
  const path = pointerOf(account)
  const named = readOwnFile(path, 'open to read')?.toString('utf8').trim()
  if (named === undefined) return undefined
  if (isAbsolute(named) && !/[\0\n]/.test(named)) return named
  throw new AppError('FILE_UNREADABLE', { detail: `${path} does not name a folder` })
}

/** For a folder that is deleted: nothing leads to it any more. */
export async function removePointer(home: string, { env, account = accountHome(env) }: Surroundings) {
  if (readPointer(account) !== home) return
  const path = pointerOf(account)
  await rm(path, { force: true })
  await rmdir(dirname(path)).catch(() => undefined)
}

async function writePointer(account: string, home: string): Promise<void> {
  const path = pointerOf(account)
  makeFolder(dirname(path))
  await writeNewDurably(path, new TextEncoder().encode(`${home}\n`))
}

function isTracker({ home, stateDb }: Places): boolean {
  const entry = statSync(home, { throwIfNoEntry: false })
  return entry !== undefined && isOwn(entry) && existsSync(stateDb)
}
