import { lstatSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../../protocol/errors.ts'

export type FoundZone = { zone: string; problem: AppError | undefined }

/** Where a computer says its time zone. `root` is another than / in tests only. */
type Surroundings = { env: NodeJS.ProcessEnv; platform: NodeJS.Platform; root?: string }

/** What localtime(5) says of a computer without a zone. */
const fallback = 'UTC'

/**
 * The IANA time zone that programs of this person have now. Node's own answer is not asked on Unix: it is cached, it is
 * silently UTC for what it does not understand, it is Arctic/Longyearbyen where /etc/localtime is a copy of
 * Europe/Berlin, and it calls zones by names of thirty years ago (Asia/Katmandu).
 *
 * On Windows it is the only one to know: ICU translates the system's own name into that of IANA by the table of
 * CLDR's windowsZones (wintz.cpp), so that no table of ours is needed.
 */
export function readTimeZone({ env, platform, root = '/' }: Surroundings): FoundZone {
  if (platform === 'win32') return readByRuntime(env)
  const said = env.TZ
  const named = said === undefined ? undefined : zoneOfVariable(said)
  if (named !== undefined) return { zone: named, problem: undefined }
  // What TZ says is nothing that has a name, so what the system says is the better guess, and it is said to be one.
  const found = readLocaltime(root)
  return said === undefined ? found : unclear(found.zone, `TZ=${said}`)
}

/** Changes only when the zone may have, and costs a tenth of reading it where that means to compare files. */
export function zoneSignature({ env, root = '/' }: Omit<Surroundings, 'platform'>): string {
  const path = join(root, 'etc/localtime')
  const entry = lstatSync(path, { throwIfNoEntry: false })
  const link = entry?.isSymbolicLink() ? readlinkSync(path) : `${entry?.ino} ${entry?.mtimeMs} ${entry?.size}`
  return `${env.TZ}\n${link}\n${lstatSync(join(root, 'etc/timezone'), { throwIfNoEntry: false })?.mtimeMs}`
}

/** As tzset(3): a name with or without a colon, or the path of a file. Empty is UTC. */
function zoneOfVariable(text: string): string | undefined {
  const name = text.replace(/^:/, '')
  if (name === '') return fallback
  // A rule such as CET-1CEST,M3.5.0 has no IANA name, but one that never changes is an offset, which will do.
  return zoneOfName(nameInPath(name) ?? name) ?? fixedOffset(name)
}

/** `UTC0`, `<+0545>-5:45`: POSIX counts westwards, everybody else eastwards. */
function fixedOffset(text: string): string | undefined {
  const [, sign, hours, minutes = '00'] =
    /^(?:[A-Za-z]{3,}|<[^>]+>)([+-]?)(\d{1,2})(?::(\d{2}))?$/.exec(text) ?? []
  if (hours === undefined) return undefined
  return zoneOfName(`${sign === '-' ? '+' : '-'}${hours.padStart(2, '0')}:${minutes}`)
}

/** Linux and macOS agree: a link into a folder of zones. Some systems have a copy of the file instead. */
function readLocaltime(root: string): FoundZone {
  const path = join(root, 'etc/localtime')
  const entry = lstatSync(path, { throwIfNoEntry: false })
  if (!entry) return { zone: fallback, problem: undefined }
  if (!entry.isSymbolicLink()) return readCopy(path, root)
  const link = readlinkSync(path)
  const zone = zoneOfName(nameInPath(link) ?? nameInPath(endOfLinks(path)) ?? '')
  return zone === undefined ? unclear(fallback, `/etc/localtime → ${link}`) : { zone, problem: undefined }
}

function endOfLinks(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    // It leads nowhere, and so its name was all that there is to know.
    return ''
  }
}

/** A copy has no name. Debian writes it beside it; elsewhere it is the first zone of the same bytes. */
function readCopy(path: string, root: string): FoundZone {
  const zones = join(root, 'usr/share/zoneinfo')
  const bytes = readOrEmpty(path)
  const beside = readOrEmpty(join(root, 'etc/timezone')).toString().trim()
  const isCopyOf = (name: string) => bytes.length > 0 && bytes.equals(readOrEmpty(join(zones, name)))
  const name = [beside, ...zonesInTable(zones)].find(each => zoneOfName(each) !== undefined && isCopyOf(each))
  return name === undefined
    ? unclear(zoneOfName(beside) ?? fallback, '/etc/localtime is a copy of no known zone')
    : { zone: name, problem: undefined }
}

/** The names in use today, without the aliases of which one file has many (tzdata's theory.html). */
function zonesInTable(folder: string): string[] {
  return readOrEmpty(join(folder, 'zone1970.tab'))
    .toString()
    .split('\n')
    .filter(line => !line.startsWith('#'))
    .flatMap(line => line.split('\t')[2] ?? [])
}

function readOrEmpty(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch {
    return Buffer.alloc(0)
  }
}

/** `posix` and `right` hold the same zones again, without and with leap seconds. */
function nameInPath(path: string): string | undefined {
  return /(?:^|\/)(?:zoneinfo(?:\.default)?\/)(?:posix\/|right\/)?(.+)$/.exec(path)?.[1]
}

/** In its usual spelling; undefined when there is no such zone. */
function zoneOfName(name: string): string | undefined {
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId
  } catch {
    return undefined
  }
}

function readByRuntime(env: NodeJS.ProcessEnv): FoundZone {
  // Touching TZ, even to leave it as it is, is what makes Node look again (nodejs/node#20026).
  if (env.TZ === undefined) delete process.env.TZ
  else process.env.TZ = env.TZ
  const id = Temporal.Now.timeZoneId()
  const zone = zoneOfName(id)
  return zone === undefined ? unclear(fallback, id) : { zone, problem: undefined }
}

function unclear(zone: string, said: string): FoundZone {
  return { zone, problem: new AppError('ZONE_UNCLEAR', { detail: `${zone}; ${said}` }) }
}
