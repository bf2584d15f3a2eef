import packageFile from '../../package.json' with { type: 'json' }
import type { SessionVariables } from '../../protocol/session-variables.ts'
import { desktopNotice } from '../adapters/notice/desktop-notice.ts'
import { compressZstd } from '../adapters/seal/compress-zstd.ts'
import { keyFilesOf } from '../adapters/seal/confirmed-keys.ts'
import { createSealer } from '../adapters/seal/seal-age.ts'
import { diskRoom } from '../adapters/store/disk-room.ts'
import { bootId } from '../adapters/system/boot.ts'
import { readComputer } from '../adapters/system/computer.ts'
import { watchFiles } from '../adapters/system/watch-files.ts'
import { pushStatus } from '../clients/push-status.ts'
import { createClientRegistry } from '../clients/registry.ts'
import { serveClient } from '../clients/serve-clients.ts'
import { watchQuota } from '../delivery/watch-quota.ts'
import { createSealing } from '../journal/seal-journal.ts'
import { sealAfterMs, sealAfterMsOnBattery } from '../journal/segment-rule.ts'
import { isoOf } from '../kernel/instants.ts'
import type { Clock, Log } from '../kernel/ports.ts'
import { computed } from '../kernel/signals.ts'
import { ownTrackerBeside } from '../platform/files/find-places.ts'
import type { Places } from '../platform/files/places.ts'
import { siblingProgram } from '../platform/process/sibling-program.ts'
import { endPauses } from '../tracking/control-tracking.ts'
import { logDay } from '../tracking/log-day.ts'
import { createDiskWatch } from '../tracking/watch-disk.ts'
import { clientCommands } from './commands.ts'
import { knowComputer } from './computer.ts'
import { composeControl } from './control.ts'
import { composeDelivery } from './delivery.ts'
import { openKeys } from './keys.ts'
import { createNotices } from './notices.ts'
import { openState } from './open-state.ts'
import { composeOpened } from './opened.ts'
import { composePrivacy } from './privacy.ts'
import { composeRecording } from './recording.ts'
import { composeScreenshots } from './screenshots.ts'
import { createAgentStatus } from './status.ts'

export type Agent = Awaited<ReturnType<typeof compose>>

type Parts = {
  places: Places
  clock: Clock
  log: Log
  /** The path of the agent's own program: the others lie where it lies. */
  program: string
  /** This agent took the place of one that found its database damaged. */
  repaired: boolean
  /** A client asks from a session of the desktop. */
  followSession: (session: SessionVariables) => void
  stop: () => void
}

/** Everything that the agent consists of, in the order in which it is made. @throws AppError as opening what is stored does */
export async function compose(parts: Parts, signal: AbortSignal) {
  const { places, clock, log, program, repaired } = parts
  const { version } = packageFile
  const registry = createClientRegistry()
  const state = await openState({ places, clock, log })
  const { settings, memory, journal, outbox, device } = state

  const keys = await openKeys(places, memory, state.isKnown)
  const recipients = computed(() => keys.current.value.recipients)
  const sealer = createSealer(recipients, { device, key: keys.device })
  const delivery = await composeDelivery({ state, places, clock, log }, signal)
  const { destination, drain } = delivery

  const { control, lifecycle, keyRecorder } = composeControl({ state, clock, keys, repaired }, signal)
  const { consent } = control
  const recording = composeRecording({ state, clock, log, control, program }, signal)
  const { activity, presence, power, savingPower, flagged, time } = recording
  const disk = diskRoom(places.home)
  const diskWatch = createDiskWatch({ disk, clock })
  const notice = desktopNotice(process.env)
  const pictures = composeScreenshots({ state, clock, log, disk, sealer, notice, control, presence }, signal)
  const { screenshots, held, windowQuestions } = pictures
  const sealing = createSealing({
    journal,
    outbox,
    sealer,
    compress: compressZstd,
    clock,
    afterMs: () => (savingPower.value ? sealAfterMsOnBattery : sealAfterMs),
    before: keyRecorder.follow,
  })
  const told = { input: activity.input, store: activity.storeProblem, delivery: drain.problem }
  logDay({ ...control, ...told, screenshots: screenshots.problem, flagged: flagged.stretches }, log, signal)

  const recordKeys = keyRecorder.record
  const privacy = composePrivacy({ state, clock, log, notice, control, lifecycle, recordKeys }, signal)
  const notices = createNotices({
    atStart: state.problems,
    keys: keys.problem,
    time: time.problem,
    activity,
    power,
  })
  const read = (called: AbortSignal) =>
    readComputer(siblingProgram(program, 'computer-facts'), process.env, called)
  const status = createAgentStatus({
    ...{ clock, journal, outbox, destination, hindrance: keys.hindrance, control, activity, presence },
    ...{ power, savingPower, flagged, screenshots, held, sealing, drain, disk: diskWatch, notices },
    ...{
      pictureLock: privacy.pictureLock,
      daysLock: privacy.daysLock,
      confirmations: privacy.confirmations,
      keys: keys.current,
    },
    trackedSeconds: state.timeline.trackedSeconds,
    timeChange: time.lastChange,
    clients: () => registry.counts.value.all,
    computer: knowComputer({ memory, consent, boot: bootId(clock), read }, signal),
    ownHome: () => ownTrackerBeside(places, { env: process.env }),
    agent: { version, pid: process.pid, started: isoOf(lifecycle.started), device, home: places.home },
  })
  const opened = composeOpened({ state, places })
  const commands = clientCommands(
    {
      ...{ state, clock, control, lifecycle, recording, screenshots, held, delivery, privacy, opened },
      refreshStatus: status.refresh,
      reloadKeys: keyRecorder.reload,
      ...{ followSession: parts.followSession, stop: parts.stop },
    },
    signal,
  )
  const shown = { registry, clock, settings, status: status.read }
  const service = { ...shown, log, commands, version, windowQuestions }

  return {
    ...{ db: state.db, settings, clients: registry.counts, lifecycle, keyRecorder, sealing, drain },
    /** What tells that the database is damaged. */
    problems: [activity.storeProblem, sealing.problem, drain.problem, status.unreadable],
    serve: (channel: Parameters<typeof serveClient>[1]) => void serveClient(service, channel),

    /** To be called before anything else, and before a client can ask. */
    begin(): void {
      lifecycle.begin()
      recordKeys()
      watchFiles(keyFilesOf(places), () => void keyRecorder.follow(), signal)
    },

    /** Works until `signal` aborts. */
    async run(): Promise<void> {
      await Promise.all([
        // The first two look before anything begins.
        watchQuota({ outbox, settings, log }, control, signal),
        diskWatch.run(signal),
        activity.run(signal),
        presence.run(signal),
        ...[screenshots, held, sealing, drain, time].map(part => part.run(signal)),
        endPauses(control, clock, signal),
        power.run(control, signal),
        pushStatus({ ...shown, saved: status.saved, counted: activity.seen }, signal),
      ])
    },
  }
}
