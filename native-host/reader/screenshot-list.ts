import type { JournalRecord } from '../../protocol/records.ts'
import type { ReportScreenshot } from '../../protocol/report.ts'
import { createDateLookup } from '../kernel/date-lookup.ts'

/** Says what became of the picture with this object key. */
export type StateOf = (object: string) => ReportScreenshot['state']

/** `state` undefined: as the object of its key. */
type Listed = Omit<ReportScreenshot, 'state'> & { date: string; state: ReportScreenshot['state'] | undefined }

/** Follows which screenshots were taken or were due. */
export function createScreenshotList(isWanted: (date: string) => boolean) {
  const all: Listed[] = []
  const byKey = new Map<string, Listed>()
  const dateOf = createDateLookup()

  return {
    note(record: JournalRecord): void {
      const { at, zone } = record
      switch (record.kind) {
        case 'screenshot': {
          const { display, of, width, height, blurred, object, asked_by } = record
          const facts = { display, of, width, height, blurred, object }
          list({ at, zone, state: undefined, ...facts, ...(asked_by !== undefined && { asked_by }) })
          return
        }
        case 'screenshot.blurred': {
          const known = byKey.get(record.object)
          byKey.delete(record.object)
          // Its own record may be missing.
          if (!known) list({ at: record.taken, zone, state: undefined, blurred: true, object: record.by })
          else {
            Object.assign(known, { blurred: true, object: record.by })
            byKey.set(record.by, known)
          }
          return
        }
        case 'screenshot.deleted': {
          const known = byKey.get(record.object)
          const { display, of, object } = record
          if (known) known.state = 'deleted'
          else list({ at: record.taken, zone, state: 'deleted', display, of, object })
          return
        }
        case 'screenshot.failed':
          list({ at, zone, state: 'failed', code: record.code })
          return
        case 'screenshot.skipped': {
          const { reason, display, of } = record
          const which = { ...(display !== undefined && { display }), ...(of !== undefined && { of }) }
          list({ at, zone, state: 'skipped', reason, ...which })
          return
        }
        default:
          return
      }
    },

    /** By date, in the order of time. */
    byDate: (stateOf: StateOf): Map<string, ReportScreenshot[]> =>
      new Map(
        [...Map.groupBy(all, ({ date }) => date)].map(([date, own]) => [
          date,
          own.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)).map(listed => shown(listed, stateOf)),
        ]),
      ),
  }

  function list(screenshot: Omit<Listed, 'date'>): void {
    const listed = { ...screenshot, date: dateOf(Date.parse(screenshot.at), screenshot.zone) }
    if (!isWanted(listed.date)) return
    all.push(listed)
    if (listed.object !== undefined) byKey.set(listed.object, listed)
  }
}

function shown({ date: _, state, ...screenshot }: Listed, stateOf: StateOf): ReportScreenshot {
  return {
    ...screenshot,
    state: state ?? (screenshot.object === undefined ? 'missing' : stateOf(screenshot.object)),
  }
}
