import { wireBudgets } from '../../protocol/budgets.ts'
import { AppError } from '../../protocol/errors.ts'
import { toOpenedDay } from '../../protocol/opened.ts'
import { readRecordLine } from '../../protocol/read-record.ts'
import type { ReportDay, ReportScreenshot } from '../../protocol/report.ts'
import { createDayBuilder } from '../reader/build-days.ts'
import { makePreview } from '../screenshots/make-preview.ts'
import type { ImageEditor, Picture } from '../screenshots/ports.ts'
import { type DateRange, datesToRead, lastOfPictures, wantedRange } from './dates-to-read.ts'
import type { LocalObject, LocalObjects, OpenedNews, OpenObject, WantedDays } from './ports.ts'

type Ports = {
  objects: LocalObjects
  /** @throws AppError IDENTITY_MISSING | FILE_UNREADABLE | PLACE_NOT_SAFE */
  opener: () => Promise<OpenObject>
  image: ImageEditor
  /** Lets what waits go first, such as recording. */
  breathe: () => Promise<void>
}

/** Decrypts days that lie on this computer, to show them to the person. */
export type OpenedDays = {
  /** @throws AppError as the identity cannot be read */
  checkIdentity(): Promise<void>
  /** Reports in pieces. @param mayGoOn throws when it may be shown no more. @throws AppError OPEN_FAILED when nothing of it can be opened */
  open(
    wanted: WantedDays,
    onNews: (news: OpenedNews) => void,
    mayGoOn: () => void,
    signal: AbortSignal,
  ): Promise<void>
  /** One of the screenshots of the days that were opened last. @throws AppError OPENED_GONE | OPEN_FAILED | CAPTURE_FAILED */
  picture(object: string, size: 'small' | 'large'): Promise<Picture>
}

type Shown = { width: number; object: LocalObject }

const newsEvery = 25

export function createOpenedDays(ports: Ports): OpenedDays {
  /** Which pictures may be asked for: those of the latest days. */
  let shown = new Map<string, Shown>()
  let latest = {}

  return {
    async checkIdentity() {
      await ports.opener()
    },

    async open(wanted, onNews, mayGoOn, signal) {
      const mine = {}
      latest = mine
      const check = () => {
        signal.throwIfAborted()
        if (latest !== mine) throw new AppError('DAYS_REPLACED')
        mayGoOn()
      }
      const range = wantedRange(wanted)
      const reading = await beginReading(ports, range)
      shown = new Map()
      let picturesAreOut = wanted.span === 'week'
      for (const [index, object] of reading.records.entries()) {
        check()
        if (!picturesAreOut && object.date > lastOfPictures(range)) {
          shown = reportPictures(reading, onNews)
          picturesAreOut = true
        }
        if (index % newsEvery === 0) onNews(reading.progress())
        await reading.read(object)
        await ports.breathe()
      }
      check()
      reading.end()
      onNews(reading.progress())
      if (!picturesAreOut) shown = reportPictures(reading, onNews)
      for (const day of reading.days()) onNews({ type: 'opened-day', day: toOpenedDay(day) })
    },

    async picture(key, size) {
      const known = shown.get(key)
      const sealed = await known?.object.sealed()
      if (!known || !sealed) throw new AppError('OPENED_GONE')
      const bytes = await (await ports.opener()).picture(sealed)
      return makePreview(ports.image, known, bytes, size)
    },
  }
}

/** One after the other: memory holds a segment, and what the builder keeps of the wanted days. */
async function beginReading({ objects, opener }: Ports, range: DateRange) {
  const open = await opener()
  const records: LocalObject[] = []
  const pictures = new Map<string, LocalObject>()
  for (const date of datesToRead(await objects.dates(), range))
    for (const object of await objects.of(date))
      if (object.kind === 'records') records.push(object)
      else pictures.set(object.key, object)
  records.sort((a, b) => a.seq - b.seq)
  const builder = createDayBuilder(range)
  let [done, unopened, reached] = [0, 0, 0]

  function note(lines: readonly string[]): void {
    for (const line of lines) {
      const read = readRecordLine(line)
      // What was sealed a moment ago may still be in the journal.
      if (!read?.record || read.seq <= reached) continue
      reached = read.seq
      builder.note(read.record)
    }
  }

  return {
    records,
    pictures,
    progress: (): OpenedNews => ({ type: 'opening', done, total: records.length, unopened }),
    days: (): ReportDay[] => builder.days(key => (pictures.has(key) ? 'delivered' : 'missing')),

    async read(object: LocalObject): Promise<void> {
      done += 1
      try {
        const sealed = await object.sealed()
        if (sealed) note(await open.lines(sealed))
      } catch (error) {
        // One that is damaged or of another identity does not hide the others.
        if (!(error instanceof AppError)) throw error
        unopened += 1
      }
    },

    /** @throws AppError OPEN_FAILED */
    end(): void {
      if (unopened > 0 && unopened === records.length)
        throw new AppError('OPEN_FAILED', { detail: `none of ${unopened} files could be opened` })
      note(objects.unsealed())
    },
  }
}

type Reading = Awaited<ReturnType<typeof beginReading>>

/** In pieces. @returns those that lie here */
function reportPictures(reading: Reading, onNews: (news: OpenedNews) => void): Map<string, Shown> {
  const shown = new Map<string, Shown>()
  for (const { date, screenshots } of reading.days()) {
    const all = screenshots.filter(({ object }) => object !== undefined)
    const pictures = all.slice(0, wireBudgets.openedDayPictures.most)
    for (const { object: key = '', width } of pictures) {
      const object = reading.pictures.get(key)
      if (object && width !== undefined) shown.set(key, { width, object })
    }
    const left_out = all.length - pictures.length
    for (const portion of portionsOf(pictures))
      onNews({ type: 'opened-pictures', date, pictures: portion, left_out })
  }
  return shown
}

/** At least one: that there is none is news too. */
function portionsOf(pictures: readonly ReportScreenshot[]): ReportScreenshot[][] {
  const { most } = wireBudgets.openedPictures
  const count = Math.max(1, Math.ceil(pictures.length / most))
  return Array.from({ length: count }, (_, at) => pictures.slice(at * most, (at + 1) * most))
}
