import { lstatSync, readlinkSync, realpathSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { AppError } from '../../../protocol/errors.ts'
import { budgets } from '../../kernel/budgets.ts'
import { readFileWithin } from '../../platform/files/read-within.ts'

export type FoundZone = { zone: string; problem: AppError | undefined }

/** Where a computer says its time zone. `root` is another than / in tests only. */
type Surroundings = { env: NodeJS.ProcessEnv; platform: NodeJS.Platform; root?: string }

/** What localtime(5) says of a computer without a zone. */
const fallback = 'UTC'
const zoneFolder = 'usr/share/zoneinfo'

/**
 * The IANA time zone of this person's programs. On Unix Node's own answer is not used: it is cached, silently UTC for
 * what it cannot read, Arctic/Longyearbyen for a copy of Europe/Berlin, and uses old names (Asia/Katmandu).
 *
 * On Windows only Node knows: ICU translates the system's name by CLDR's windowsZones (wintz.cpp).
 */
export function readTimeZone({ env, platform, root = '/' }: Surroundings): FoundZone {
  if (platform === 'win32') return readByRuntime(env)
  const said = env.TZ
  const system = readLocaltime(root)
  if (said === undefined) return system
  const named = zoneOfVariable(said, system, root)
  if (named !== undefined) return named
  // TZ names no zone, so the system's zone is the better guess, and is reported as one.
  return unclear(system.zone, `TZ=${said}`)
}

/** Changes only when the zone may have, and costs a tenth of reading it where that means to compare files. */
export function zoneSignature({ env, root = '/' }: Omit<Surroundings, 'platform'>): string {
  const named = env.TZ?.replace(/^:/, '') ?? ''
  const paths = [
    join(root, 'etc/localtime'),
    join(root, 'etc/timezone'),
    ...(isAbsolute(named) ? [join(root, named)] : []),
  ]
  return [env.TZ, ...paths.map(identityOf)].join('\n')
}

function identityOf(path: string): string {
  const entry = lstatSync(path, { throwIfNoEntry: false })
  return entry?.isSymbolicLink() ? readlinkSync(path) : `${entry?.ino} ${entry?.mtimeMs} ${entry?.size}`
}

/** As tzset(3): a file of zones, with or without a colon, or else a rule of POSIX. Empty is UTC. */
function zoneOfVariable(text: string, system: FoundZone, root: string): FoundZone | undefined {
  const said = text.replace(/^:/, '')
  if (said === '') return { zone: fallback, problem: undefined }
  const name = nameInPath(said) ?? said.replace(/^(?:posix|right)\//, '')
  const zone = zoneOfName(name)
  if (zone !== undefined) return { zone, problem: undefined }
  // Debian has a file of this name that leads to /etc/localtime, and elsewhere people mean the same by it.
  const path = isAbsolute(said) ? join(root, said) : join(root, zoneFolder, said)
  if (name === 'localtime' || isSystemsOwn(path, root)) return system
  const found = zoneOfFile(path, root) ?? fixedOffset(said) ?? zoneOfRule(said, system, root)
  return found === undefined ? undefined : { zone: found, problem: undefined }
}

/** Whether a path leads to /etc/localtime, in any spelling and through any links. */
function isSystemsOwn(path: string, root: string): boolean {
  const own = join(root, 'etc/localtime')
  const end = endOfLinks(path)
  return path === own || (end !== '' && end === endOfLinks(own))
}

/** A file elsewhere: named by where its links end, or by the zone of the same bytes. */
function zoneOfFile(path: string, root: string): string | undefined {
  return zoneOfName(nameInPath(endOfLinks(path)) ?? '') ?? nameOfCopy(readOrEmpty(path), undefined, root)
}

/** `UTC0`, `<+0545>-5:45`: POSIX counts westwards, other standards eastwards. */
function fixedOffset(text: string): string | undefined {
  const [, sign, hours, minutes = '00'] =
    /^(?:[A-Za-z]{3,}|<[^>]+>)([+-]?)(\d{1,2})(?::(\d{2})(?::00)?)?$/.exec(text) ?? []
  if (hours === undefined) return undefined
  return zoneOfName(`${sign === '-' ? '+' : '-'}${hours.padStart(2, '0')}:${minutes}`)
}

/** What glibc takes for the days of the change where a rule names none. */
const usualDays = ',M3.2.0,M11.1.0'

/**
 * `CET-1CEST,M3.5.0,M10.5.0/3` is what the files of many zones end with. The system's own is the best of them, then one
 * that says no place (`CET`, `EST5EDT`), then the first where people live: its
 * clock shows the same.
 */
function zoneOfRule(text: string, system: FoundZone, root: string): string | undefined {
  const [, standard, offset, summer, days] =
    /^([A-Za-z]{3,}|<[^>]+>)([+-]?[\d:]+)([A-Za-z]{3,}|<[^>]+>)(?:[+-]?[\d:]+)?(,.+)?$/.exec(text) ?? []
  if (standard === undefined) return undefined
  const rule = plainRule(days === undefined ? text + usualDays : text)
  const places = zonesInTable(root).filter(name => !name.startsWith('Antarctica/'))
  const candidates = [system.zone, standard, `${standard}${offset}${summer}`, ...places]
  return candidates.map(zoneOfName).find(zone => zone !== undefined && ruleOf(zone, root) === rule)
}

/** The last line of a file of tzfile(5): the rule of the time to come. */
function ruleOf(zone: string, root: string): string | undefined {
  const last = readOrEmpty(join(root, zoneFolder, zone))
    .toString('latin1')
    .split('\n')
    .at(-2)
  return last === undefined ? undefined : plainRule(last)
}

/** Two o'clock is what is meant where no time stands. */
function plainRule(rule: string): string {
  return rule.replaceAll(/\/0?2(:00)*(?=,|$)/g, '').replaceAll(/(?<=[A-Za-z>][+-]?)0(?=\d)/g, '')
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
  const beside = readOrEmpty(join(root, 'etc/timezone')).toString().trim()
  const name = nameOfCopy(readOrEmpty(path), beside, root)
  return name === undefined
    ? unclear(zoneOfName(beside) ?? fallback, '/etc/localtime is a copy of no known zone')
    : { zone: name, problem: undefined }
}

function nameOfCopy(bytes: Buffer, likely: string | undefined, root: string): string | undefined {
  if (bytes.length === 0) return undefined
  const isCopyOf = (name: string) => bytes.equals(readOrEmpty(join(root, zoneFolder, name)))
  const names = [...(likely === undefined ? [] : [likely]), ...zonesInTable(root)]
  return names.find(each => zoneOfName(each) !== undefined && isCopyOf(each))
}

/** The names in use today, without the aliases of which one file has many (tzdata's theory.html). */
function zonesInTable(root: string): string[] {
  return readOrEmpty(join(root, zoneFolder, 'zone1970.tab'))
    .toString()
    .split('\n')
    .filter(line => !line.startsWith('#'))
    .flatMap(line => line.split('\t')[2] ?? [])
}

/** TZ may name anything. */
function readOrEmpty(path: string): Buffer {
  try {
    return readFileWithin(path, budgets.zoneFile.most)
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
