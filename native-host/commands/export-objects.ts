import { assertAppError } from '../../protocol/assert-app-error.ts'
import { readRecordLine } from '../../protocol/read-record.ts'
import type { JournalRecord } from '../../protocol/records.ts'
import type { OpenedObject } from './context.ts'
import { describeError } from './outcome.ts'
import { text } from './text.ts'

/** Records of what the person chose, and of who asked for what. */
const choices: ReadonlySet<JournalRecord['kind']> = new Set([
  'consent.given',
  'consent.withdrawn',
  'paused',
  'resumed',
  'setting.changed',
  'confirmation.asked',
  'confirmation.accepted',
  'confirmation.refused',
  'weakening.announced',
  'weakening.undone',
  'verdict.withdrawn',
  'keys.changed',
  'screenshot.deleted',
  'screenshot.blurred',
] as const)

export type ExportedDay = {
  device: string
  date: string
  records: number
  screenshots: number
  recordsPath: string
  screenshotsPath: string
}

type Folder = {
  write(path: string, bytes: Uint8Array): Promise<void>
  append(path: string, text: string): Promise<void>
  move(from: string, to: string): Promise<'moved' | 'taken'>
}

type Picture = { path: string; day: ExportedDay }

/**
 * Writes what was opened by device and local date. A screenshot gets the time on the person's clock for a name as soon as its
 * record comes; the object comes first, but for one that was held.
 */
export function createExportedDays(folder: Folder) {
  const days = new Map<string, ExportedDay>()
  /** By the last part of the object's key, until both have come. */
  const pictures = new Map<string, Picture>()
  const moments = new Map<string, { date: string; name: string }>()
  const failures: string[] = []
  const tally = { opened: 0, failed: 0, deleted: 0, choices: 0 }
  /** By device: the number of the last record. */
  const reached = new Map<string, number>()

  return {
    tally,
    failures,

    /** In the order of dates and devices. */
    days: () =>
      [...days.values()]
        .filter(({ records, screenshots }) => records + screenshots > 0)
        .sort((a, b) => compare(a.device, b.device) || compare(a.date, b.date)),

    async take(device: string, opened: OpenedObject, object: { key: string; date: string }): Promise<void> {
      tally.opened += 1
      if (opened.kind === 'records') return takeLines(device, linesOf(opened.bytes))
      return takePicture(device, opened.bytes, object)
    },

    takeLines,

    /** One that cannot be opened does not end the others. */
    fail(name: string, error: unknown): void {
      assertAppError(error)
      tally.failed += 1
      failures.push(text.export.notOpened(name, describeError(error).lines.join(' ')))
    },
  }

  /** @param which `new`: of the journal itself, of which a part may have been sealed and taken a moment ago */
  async function takeLines(
    device: string,
    lines: readonly string[],
    which: 'all' | 'new' = 'all',
  ): Promise<void> {
    const byDate = new Map<string, string[]>()
    const chosen: string[] = []
    for (const line of lines) {
      const read = readRecordLine(line)
      const before = reached.get(device) ?? 0
      if (which === 'new' && read && read.seq <= before) continue
      if (read) reached.set(device, Math.max(before, read.seq))
      const date = read?.record
        ? localTime(read.at, read.record.offset).date
        : (read?.at.slice(0, 10) ?? 'undated')
      const own = byDate.get(date) ?? []
      own.push(line)
      byDate.set(date, own)
      if (!read?.record) continue
      if (choices.has(read.record.kind)) chosen.push(line)
      await follow(read.record)
    }
    for (const [date, own] of byDate) {
      const day = dayOf(device, date)
      day.records += own.length
      await folder.append(day.recordsPath, own.map(line => `${line}\n`).join(''))
    }
    tally.choices += chosen.length
    if (chosen.length > 0) await folder.append(choicesPath, chosen.map(line => `${line}\n`).join(''))
  }

  async function follow(record: JournalRecord): Promise<void> {
    if (record.kind === 'screenshot.deleted') tally.deleted += 1
    const [object, at] =
      record.kind === 'screenshot'
        ? [record.object, record.at]
        : record.kind === 'screenshot.blurred'
          ? [record.by, record.taken]
          : []
    if (object === undefined || at === undefined) return
    const key = lastPart(object)
    const { date, time } = localTime(at, record.offset)
    const shown = record.kind === 'screenshot' && record.of > 1 ? `-screen${record.display}` : ''
    const moment = { date, name: `${time}${shown}` }
    const picture = pictures.get(key)
    if (picture) await rename(key, picture, moment)
    else moments.set(key, moment)
  }

  async function takePicture(
    device: string,
    bytes: Uint8Array,
    { key, date }: { key: string; date: string },
  ): Promise<void> {
    const day = dayOf(device, date)
    const picture = { path: `${day.screenshotsPath}/${pictureName(key)}`, day }
    await folder.write(picture.path, bytes)
    day.screenshots += 1
    pictures.set(key, picture)
    const moment = moments.get(key)
    if (moment) await rename(key, picture, moment)
  }

  async function rename(
    key: string,
    picture: Picture,
    moment: { date: string; name: string },
  ): Promise<void> {
    const day = dayOf(picture.day.device, moment.date)
    const ending = /\.[a-z]+$/.exec(picture.path)?.[0] ?? ''
    const moved = await folder.move(picture.path, `${day.screenshotsPath}/${moment.name}${ending}`)
    pictures.delete(key)
    moments.delete(key)
    if (moved === 'taken' || day === picture.day) return
    picture.day.screenshots -= 1
    day.screenshots += 1
  }

  function dayOf(device: string, date: string): ExportedDay {
    const name = safeName(device)
    const found = days.get(`${name}/${date}`)
    if (found) return found
    const day = {
      ...{ device: name, date, records: 0, screenshots: 0 },
      recordsPath: `records/${name}/${date}.ndjson`,
      screenshotsPath: `screenshots/${name}/${date}`,
    }
    days.set(`${name}/${date}`, day)
    return day
  }
}

export const choicesPath = 'choices.ndjson'

/** The name of a folder at the destination, which anyone may have made, as the name of one here. */
export function safeName(name: string): string {
  const safe = name.replaceAll(/[^\w.-]/g, '_').slice(0, 100)
  return /^\.*$/.test(safe) ? '_' : safe
}

export function pictureName(key: string): string {
  const name = key.replace(/\.age$/, '')
  return /\.(webp|jpg)$/.test(name) ? name : `${name}.webp`
}

export function linesOf(bytes: Uint8Array): string[] {
  const lines = new TextDecoder().decode(bytes).split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

export function lastPart(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1)
}

/** On the clock of the person, as the record says it: a date, and a time that files can be called. */
export function localTime(at: string, offset: string): { date: string; time: string } {
  const sign = offset.startsWith('-') ? -1 : 1
  const minutes = sign * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6)))
  const local = Temporal.Instant.from(at).add({ minutes }).toString({ smallestUnit: 'second' })
  return { date: local.slice(0, 10), time: local.slice(11, 19).replaceAll(':', '-') }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
