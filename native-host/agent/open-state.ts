import { randomBytes } from 'node:crypto'
import { AppError, type Problem, toProblem } from '../../protocol/errors.ts'
import { openConfigFile } from '../adapters/store/config-file.ts'
import { openJournal } from '../adapters/store/journal-sqlite.ts'
import { openMemory } from '../adapters/store/memory-sqlite.ts'
import { openOutbox } from '../adapters/store/outbox.ts'
import { heldThrough, openReviewQueue } from '../adapters/store/review-queue.ts'
import { openDatabase } from '../adapters/store/sqlite.ts'
import { describeStrangers, surveyFolders } from '../adapters/store/survey-folders.ts'
import { openTimelineStore } from '../adapters/store/timeline-sqlite.ts'
import { openUnstoredCounts } from '../adapters/store/unstored-counts.ts'
import { coveredHead, readWaitingHead } from '../adapters/store/waiting-head.ts'
import type { Clock, Log } from '../kernel/ports.ts'
import { foldersIn } from '../platform/files/check-places.ts'
import type { Places } from '../platform/files/places.ts'
import { followDay } from '../timeline/follow-day.ts'

export type State = Awaited<ReturnType<typeof openState>>

/**
 * Everything that survives a start: settings, journal, outbox, held pictures, small facts.
 * @throws AppError DISK_FULL | STORE_NOT_WRITABLE | PLACE_NOT_SAFE
 */
export async function openState({ places, clock, log }: { places: Places; clock: Clock; log: Log }) {
  const { db, problem } = openDatabase(places.stateDb)
  const settingsStore = await openConfigFile(places.config)
  const memory = openMemory(db)
  const knownDevice = memory.get('device')
  const waiting = readWaitingHead(places.outbox)
  const device = knownDevice ?? waiting?.device ?? newDevice()
  memory.set('device', device)
  const outbox = await openOutbox({
    db,
    folder: places.outbox,
    quarantine: places.quarantine,
    device,
    reservedThrough: heldThrough(places.held),
    onStranger: detail => log({ event: 'set-aside', detail }),
  })
  const kept = openTimelineStore(db)
  const storedIntervals = () => memory.get('stored_intervals') ?? 0
  const unstored = openUnstoredCounts(places.unstored, storedIntervals)
  const timeline = followDay(
    { clock, kept },
    openJournal(db, clock, coveredHead(outbox.coveredThrough(), waiting), record => {
      kept.keep(record)
      if (record.kind === 'interval') memory.set('stored_intervals', storedIntervals() + 1)
    }),
  )
  return {
    db,
    settingsStore,
    settings: settingsStore.current,
    memory,
    device,
    /** Whether the database is the one of an earlier start. */
    isKnown: knownDevice !== undefined,
    outbox,
    reviewQueue: await openReviewQueue({ folder: places.held, device, outbox }),
    unstored,
    timeline,
    journal: timeline.journal,
    problems: [problem, strangersIn(places), ...settingsStore.problems].flatMap((found): Problem[] =>
      found ? [toProblem(found)] : [],
    ),
  }
}

function strangersIn(places: Places): AppError | undefined {
  const strangers = surveyFolders(foldersIn(places))
  if (strangers.count === 0) return undefined
  return new AppError('PLACE_STRANGERS', { detail: describeStrangers(strangers) })
}

function newDevice(): string {
  return `device-${randomBytes(4).toString('hex')}`
}
