import '../platform/process/guard-process.ts'
import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import packageFile from '../../package.json' with { type: 'json' }
import type { Confirmation } from '../../protocol/confirmation.ts'
import { AppError, errorRows, type Problem, toProblem } from '../../protocol/errors.ts'
import type { SessionVariables } from '../../protocol/session-variables.ts'
import { createFlagged } from '../activity/remember-flagged.ts'
import { trackActivity } from '../activity/track-activity.ts'
import { chooseCapture } from '../adapters/capture/table.ts'
import { systemClock as clock } from '../adapters/clock/system-clock.ts'
import { checkOf, type DeliveryWorld } from '../adapters/destination/choose.ts'
import { findProxyLogin, openCredentials } from '../adapters/destination/credentials/credential-source.ts'
import { rememberedDialects } from '../adapters/destination/s3/dialect.ts'
import { imageEditor } from '../adapters/image/image-editor.ts'
import { hookProcess } from '../adapters/input/hook-process.ts'
import { networkProbe } from '../adapters/network/network-probe.ts'
import { systemNetwork } from '../adapters/network/system-network.ts'
import { confirmDialog } from '../adapters/notice/confirm-dialog.ts'
import { desktopNotice } from '../adapters/notice/desktop-notice.ts'
import { systemPower } from '../adapters/power/system-power.ts'
import { systemPresence } from '../adapters/presence/system-presence.ts'
import { compressZstd } from '../adapters/seal/compress-zstd.ts'
import { keyFilesOf } from '../adapters/seal/confirmed-keys.ts'
import { createSealer } from '../adapters/seal/seal-age.ts'
import { openSocket } from '../adapters/socket/agent-client.ts'
import { listenForClients } from '../adapters/socket/agent-server.ts'
import { afterRepairFlag, openStartReport, startSuccessor } from '../adapters/socket/launch-agent.ts'
import { ensureToken } from '../adapters/socket/token.ts'
import { openConfigFile } from '../adapters/store/config-file.ts'
import { diskRoom } from '../adapters/store/disk-room.ts'
import { openJournal } from '../adapters/store/journal-sqlite.ts'
import { acquireLock, type Lock } from '../adapters/store/lock.ts'
import { openMemory } from '../adapters/store/memory-sqlite.ts'
import { openMultipartProgress } from '../adapters/store/multipart-sqlite.ts'
import { openOutbox } from '../adapters/store/outbox.ts'
import { heldThrough, openReviewQueue } from '../adapters/store/review-queue.ts'
import { openDatabase } from '../adapters/store/sqlite.ts'
import { describeStrangers, surveyFolders } from '../adapters/store/survey-folders.ts'
import { openTimelineStore } from '../adapters/store/timeline-sqlite.ts'
import { openUnstoredCounts } from '../adapters/store/unstored-counts.ts'
import { coveredHead, readWaitingHead } from '../adapters/store/waiting-head.ts'
import { bootId } from '../adapters/system/boot.ts'
import { readComputer } from '../adapters/system/computer.ts'
import { openLog } from '../adapters/system/log.ts'
import { watchFiles } from '../adapters/system/watch-files.ts'
import { windowList } from '../adapters/windows/table.ts'
import { createService } from '../clients/serve-clients.ts'
import { drainOutbox } from '../delivery/drain-outbox.ts'
import { createUploadHold } from '../delivery/hold-uploads.ts'
import { createPace } from '../delivery/pace-uploads.ts'
import { watchQuota } from '../delivery/watch-quota.ts'
import { createCountedInput } from '../input/counted-input.ts'
import { recordInput } from '../input/record-input.ts'
import { noteStoreGaps } from '../journal/note-gaps.ts'
import { createSealing } from '../journal/seal-journal.ts'
import { sealAfterMs, sealAfterMsOnBattery } from '../journal/segment-rule.ts'
import { isoOf } from '../kernel/instants.ts'
import { computed } from '../kernel/signals.ts'
import { stackFrames } from '../kernel/stack-frames.ts'
import { diagnoseConnection } from '../network/diagnose-connection.ts'
import { checkPlaces, foldersIn } from '../platform/files/check-places.ts'
import { findPlaces, ownTrackerBeside } from '../platform/files/find-places.ts'
import { describeHolder } from '../platform/files/lock-holder.ts'
import { giveBackMemory } from '../platform/process/give-back-memory.ts'
import { unguarded } from '../platform/process/guard-process.ts'
import { sessionIn, shouldFollow, withSession } from '../platform/process/session-environment.ts'
import { siblingProgram } from '../platform/process/sibling-program.ts'
import { createPowerWatch, savingPower } from '../power/watch-power.ts'
import { watchPresence } from '../presence/watch-presence.ts'
import { createConfirmations } from '../privacy/confirm-outside.ts'
import { createPrivacyGuard } from '../privacy/guard-privacy.ts'
import { createPictureLock } from '../privacy/unlock-pictures.ts'
import { createWindowQuestions } from '../screenshots/ask-windows.ts'
import { tellScreenshots } from '../screenshots/notify-screenshots.ts'
import { createRedaction } from '../screenshots/redact-screenshots.ts'
import { createReviewHold } from '../screenshots/review-hold.ts'
import { takeScreenshots } from '../screenshots/take-screenshots.ts'
import { followDay } from '../timeline/follow-day.ts'
import { createControl, endPauses } from '../tracking/control-tracking.ts'
import { logDay } from '../tracking/log-day.ts'
import { createLifecycleRecorder } from '../tracking/record-lifecycle.ts'
import { createDiskWatch } from '../tracking/watch-disk.ts'
import { createTimeWatch } from '../tracking/watch-time.ts'
import { clearAbandonedUploads } from './abandoned-uploads.ts'
import { collectAfterWork } from './collect-memory.ts'
import { knowComputer } from './computer.ts'
import { followDestination } from './destination.ts'
import { untilDamaged, untilLastBrowserLeft } from './endings.ts'
import { openKeys } from './keys.ts'
import { createAgentStatus } from './status.ts'

/** The one process of a user that records, seals and delivers. Started by a bridge or by the command line. */
type EndReason = 'last-browser-left' | 'asked' | 'signal' | 'session-changed' | 'damaged'

/** Settled once, by whichever reason to end comes first. */
const ending = Promise.withResolvers<EndReason>()
const report = openStartReport(process.argv)
const places = await findPlaces({ env: process.env }).catch(giveUp)
const log = openLog(places.log, clock.now)
const staysWithoutBrowser = process.argv.includes('--lifetime=stay')
const repairedLately = process.argv.includes(afterRepairFlag)

/** Into which session of the desktop another agent goes, as the one of this agent has gone. */
let nextSession: SessionVariables | undefined

/** A repair that did not help is not tried again at once. */
const repairEveryMs = 600_000
/** Whatever hangs must not keep what was counted from being sealed. */
const lastWorkMs = 5000
/** What waits in the outbox gets this long at the end; the rest is delivered at the next start. */
const lastDrainMs = 5000

try {
  process.umask(0o077)
  checkPlaces(places)
  using _lock = await waitForLock()
  const reason = await run()
  const lifetime = staysWithoutBrowser ? 'stay' : 'browser'
  if (reason === 'damaged') startSuccessor(import.meta.filename, lifetime, { kind: 'repair' })
  if (reason === 'session-changed' && nextSession) {
    const env = withSession(process.env, nextSession)
    startSuccessor(import.meta.filename, lifetime, { kind: 'session', env })
  }
} catch (error) {
  const problem = toProblem(error)
  log({ event: 'agent-failed', ...problem, ...stackFrames(error), pid: process.pid })
  report.failed(problem)
  process.exitCode = errorRows[problem.code].exit
} finally {
  // A native module or a socket that lingers must not keep a second life going.
  process.exit()
}

/** There is no log to write it to: it would lie in the place that was not found. */
function giveUp(error: unknown): never {
  const problem = toProblem(error)
  report.failed(problem)
  process.exit(errorRows[problem.code].exit)
}

async function run(): Promise<EndReason> {
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.on(name, () => ending.resolve('signal'))
  const work = new AbortController()
  const serving = new AbortController()
  const { signal } = work

  // State that survives
  const { db, problem: stateProblem } = openDatabase(places.stateDb)
  const settingsStore = await openConfigFile(places.config)
  const settings = settingsStore.current
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
  const { journal } = timeline
  const strangers = surveyFolders(foldersIn(places))
  const strange =
    strangers.count > 0
      ? new AppError('PLACE_STRANGERS', { detail: describeStrangers(strangers) })
      : undefined
  const foundAtStart = [stateProblem, strange, ...settingsStore.problems].filter(
    problem => problem !== undefined,
  )

  // Keys and destination
  const keys = await openKeys(places, memory, knownDevice !== undefined)
  const recipients = computed(() => keys.current.value.recipients)
  const sealer = createSealer(recipients, { device, key: keys.device })
  const world: DeliveryWorld = {
    delivered: places.delivered,
    credentials: source => openCredentials(source, places.credentials),
    proxyLogin: () => findProxyLogin(places.credentials),
    uploads: openMultipartProgress(db),
    dialects: rememberedDialects(memory),
    pace: createPace({ settings, clock }, signal),
    env: process.env,
  }
  const destination = await followDestination({ settings, world, memory, log }, signal)
  clearAbandonedUploads({ settings, outbox, world, log }, signal)

  // What happens
  const control = createControl({ clock, journal, memory, hindrance: keys.hindrance }, signal)
  const gate = control.gate
  let waitsForKeys = false
  const lifecycle = createLifecycleRecorder({
    journal,
    memory,
    unstored,
    clock,
    consent: control.consent,
    version: packageFile.version,
    boot: bootId(clock),
    pid: process.pid,
    key: keys.device.publicKey,
    repaired: repairedLately,
  })
  const disk = diskRoom(places.home)
  const diskWatch = createDiskWatch({ disk, clock })
  const input = hookProcess({ path: siblingProgram(import.meta.filename, 'input-hook') })
  const signs = systemPresence(process.env)
  const counted = createCountedInput()
  const presence = watchPresence({ signs, counted, clock, journal, settings, gate })
  const activity = trackActivity({
    input,
    counted,
    clock,
    journal,
    unstored,
    settings,
    gate,
    presence: presence.presence,
    deviceActivity: presence.deviceActivity,
  })
  collectAfterWork(activity.lastInterval, collectGarbage, signal)
  const flagged = createFlagged({ judged: [activity.lastInterval, activity.lastExtended], memory }, signal)
  noteStoreGaps({ journal, clock, problem: activity.storeProblem }, signal)
  const time = createTimeWatch({
    clock,
    journal,
    memory,
    consent: control.consent,
    gate,
    log,
    onClockSet: control.followClock,
  })
  const power = createPowerWatch({ power: systemPower, clock, settings, log })
  const saving = savingPower(power, settings)
  const windowQuestions = createWindowQuestions({ clock, newName: randomUUID })
  const redaction = createRedaction({
    windows: windowList(process.env),
    settings,
    log,
    ask: windowQuestions.ask,
  })
  const notices = computed((): readonly Problem[] => [
    ...foundAtStart.map(toProblem),
    ...(keys.problem.value ? [keys.problem.value] : []),
    ...(time.problem.value ? [time.problem.value] : []),
    ...(activity.recordings.value.size > 0 ? [{ code: 'INPUT_RECORDED' } as const] : []),
    ...(power.battery.value === 'unreadable' ? [{ code: 'BATTERY_UNREADABLE' } as const] : []),
  ])
  const image = imageEditor
  const capture = chooseCapture(process.env)
  const held = createReviewHold({
    held: await openReviewQueue({ folder: places.held, device, outbox }),
    outbox,
    journal,
    image,
    sealer,
    clock,
    settings,
    log,
  })
  const screenshots = takeScreenshots({
    capture,
    image,
    keep: held.keep,
    journal,
    memory,
    disk,
    clock,
    random: Math.random,
    settings,
    gate,
    presence: presence.presence,
    redaction: redaction.prepareRedaction,
  })
  const notice = desktopNotice(process.env)
  tellScreenshots({ taken: screenshots.last, settings, notice, log }, signal)
  const sealing = createSealing({
    journal,
    outbox,
    sealer,
    compress: compressZstd,
    clock,
    afterMs: () => (saving.value ? sealAfterMsOnBattery : sealAfterMs),
    before: followKeyFiles,
  })
  const hold = createUploadHold({
    power: systemPower,
    network: systemNetwork,
    settings,
    destination,
    clock,
    log,
  })
  const drain = drainOutbox({
    outbox,
    destination,
    memory,
    network: systemNetwork,
    hold,
    clock,
    random: Math.random,
    log,
  })

  logDay(
    {
      ...control,
      input: activity.input,
      store: activity.storeProblem,
      delivery: drain.problem,
      screenshots: screenshots.problem,
      flagged: flagged.stretches,
    },
    log,
    signal,
  )

  // Who may control it
  const pictureLock = createPictureLock(clock, signal)
  const confirmations = createConfirmations(
    {
      clock,
      random: Math.random,
      memory,
      dialog: confirmDialog(process.env),
      log,
      note: lifecycle.note,
      effects: {
        pictures: pictureLock.unlock,
        weakening: ({ weakenings }, by) => guard.allow(weakenings, by),
      },
    },
    signal,
  )
  const guard = createPrivacyGuard(
    {
      clock,
      settings: settingsStore,
      memory,
      notice,
      log,
      note: lifecycle.note,
      consent: {
        isGiven: () => control.consent.value !== undefined,
        give(textVersion, by) {
          control.acknowledge(textVersion, by)
          lifecycle.onConsent()
          recordKeys()
        },
        withdraw: control.withdraw,
      },
      propose: (weakenings, by) => confirmations.propose({ kind: 'weakening', weakenings }, by),
    },
    signal,
  )
  const status = createAgentStatus({
    clock,
    journal,
    trackedSeconds: timeline.trackedSeconds,
    outbox,
    destination,
    keys: keys.current,
    hindrance: keys.hindrance,
    control,
    activity,
    presence,
    power,
    savingPower: saving,
    flagged,
    screenshots,
    held,
    pictureLock,
    confirmations,
    sealing,
    drain,
    disk: diskWatch,
    notices,
    timeChange: time.lastChange,
    clients: () => service.clients.value.all,
    computer: knowComputer(
      {
        memory,
        consent: control.consent,
        boot: bootId(clock),
        read: called =>
          readComputer(siblingProgram(import.meta.filename, 'computer-facts'), process.env, called),
      },
      signal,
    ),
    agent: {
      version: packageFile.version,
      pid: process.pid,
      started: isoOf(lifecycle.started),
      device,
      home: places.home,
    },
    ownHome: () => ownTrackerBeside(places, { env: process.env }),
  })
  const service = createService({
    clock,
    log,
    version: packageFile.version,
    settings,
    status: status.read,
    windowQuestions,
    saved: status.saved,
    counted: activity.seen,
    commands: {
      acknowledge: guard.agree,
      pause: control.pauseUntil,
      resume: control.resume,
      screenshotNow: screenshots.takeNow,
      skipScreenshot: screenshots.skipNext,
      dayOf: timeline.dayOf,
      previewHeld: (object, size, { viaBrowser }) =>
        held.preview(object, size, !viaBrowser || pictureLock.isUnlocked() ? 'sharp-too' : 'blurred-only'),
      unlockPictures({ viaBrowser, name }) {
        if (viaBrowser && pictureLock.isUnlocked()) return
        if (viaBrowser) throw waitsFor(confirmations.propose({ kind: 'pictures' }, name))
        pictureLock.unlock()
        lifecycle.note({ kind: 'confirmation.accepted', what: 'pictures', by: name })
      },
      confirm: confirmations.answer,
      blurHeld: held.blur,
      deleteHeld: held.remove,
      recordInput: (onLines, called) =>
        recordInput({ recordings: activity.recordings, clock }, onLines, AbortSignal.any([called, signal])),
      withdrawVerdict(from, to, by) {
        // What was seen lately speaks against nobody any more, unless it is about another stretch.
        const [latest] = flagged.stretches.value
        if (!latest || latest.from <= to) activity.judgeAnew()
        lifecycle.note({ kind: 'verdict.withdrawn', from, to, by })
        flagged.withdraw(from, to)
        status.refresh()
      },
      changeSetting: guard.changeSetting,
      undoWeakening: guard.undo,
      async testConnection(onReport, called) {
        const ended = AbortSignal.any([called, signal])
        await diagnoseConnection(
          checkOf(settings.value, world),
          { probe: networkProbe, clock },
          onReport,
          ended,
        )
      },
      async reloadKeys() {
        await keys.reload()
        recordKeys()
      },
      followSession(session) {
        const follow = async () => {
          if (!(await shouldFollow(sessionIn(process.env), session))) return
          nextSession ??= session
          log({ event: 'session-changed' })
          ending.resolve('session-changed')
        }
        void follow()
      },
      stop: () => ending.resolve('asked'),
    },
  })

  lifecycle.begin()
  recordKeys()
  watchFiles(keyFilesOf(places), () => void followKeyFiles(), signal)
  await listenForClients(
    {
      socket: places.socket,
      token: await ensureToken(places.token),
      onClient: service.serve,
      onRefused: problem => log({ event: 'client-refused', ...problem }),
    },
    serving.signal,
  )
  log({ event: 'agent-started', pid: process.pid })
  if (unguarded.length > 0) log({ event: 'memory-unguarded', detail: unguarded.join(', ') })
  report.started()

  const working = Promise.all([
    // The first two look before anything begins.
    watchQuota({ outbox, settings, log }, control, signal),
    diskWatch.run(signal),
    activity.run(signal),
    presence.run(signal),
    screenshots.run(signal),
    held.run(signal),
    sealing.run(signal),
    drain.run(signal),
    time.run(signal),
    endPauses(control, clock, signal),
    power.run(control, signal),
    service.run(signal),
  ])
  const problems = [activity.storeProblem, sealing.problem, drain.problem, status.unreadable]
  if (!staysWithoutBrowser)
    void untilLastBrowserLeft(service.clients, settings).then(() => ending.resolve('last-browser-left'))
  void untilDamaged(problems, repairedLately ? repairEveryMs : 0).then(() => ending.resolve('damaged'))
  const reason = await Promise.race([ending.promise, working.then(() => 'signal' as const)])

  // New clients first get no answer, then the next agent: it waits for our lock.
  serving.abort()
  work.abort()
  const hangs = await Promise.race([working.then(() => false), sleep(lastWorkMs, true)])
  if (hangs) log({ event: 'work-hangs' })
  await finish(reason)
  log({ event: 'agent-ended', detail: reason, pid: process.pid })
  return reason

  async function followKeyFiles(): Promise<void> {
    await keys.reloadIfChanged()
    try {
      recordKeys()
    } catch {
      // The disk is full, which is said of the input too; sealing makes room, and the next look records it.
    }
  }

  function recordKeys(): void {
    if (!control.consent.value) return
    keys.record(lifecycle.note)
    const waits = keys.hindrance.value !== undefined
    if (waits !== waitsForKeys)
      lifecycle.note({ kind: waits ? 'suspended' : 'unsuspended', reason: 'keys-unconfirmed' })
    waitsForKeys = waits
  }

  async function finish(reason: EndReason): Promise<void> {
    try {
      // Whatever is written now goes into what is damaged.
      if (reason === 'damaged') return
      await followKeyFiles()
      lifecycle.note({ kind: 'agent.ended', reason })
      await sealing.sealAll()
      await drain.drainNow(AbortSignal.timeout(lastDrainMs))
      lifecycle.ended(reason)
    } catch (error) {
      // Everything that was accepted is on the disk; the next start goes on from there.
      log({ event: 'end-incomplete', ...toProblem(error) })
    } finally {
      db.close()
    }
  }
}

function waitsFor({ code }: Confirmation): AppError {
  return new AppError('CONFIRMATION_WAITS', { detail: code })
}

/** `gc` is there by a flag of launch-agent.ts. */
function collectGarbage(): void {
  globalThis.gc?.()
  giveBackMemory()
}

function newDevice(): string {
  return `device-${randomBytes(4).toString('hex')}`
}

/**
 * Somebody who holds the lock and answers is the one agent there should be. Somebody who holds it and has no socket is
 * starting or ending: wait, because whoever started us needs an agent. Two never work side by side.
 * @throws AppError ALREADY_RUNNING | AGENT_NOT_ANSWERING and the like | STORE_NOT_WRITABLE
 */
async function waitForLock(): Promise<Lock> {
  const deadline = performance.now() + 15_000
  for (;;) {
    const lock = acquireLock(places.lockDb)
    if (lock) return lock
    if (await agentAnswers()) throw new AppError('ALREADY_RUNNING')
    if (performance.now() > deadline) throw new AppError('AGENT_NOT_ANSWERING', holderOf(places.lockDb))
    await sleep(50)
  }
}

async function agentAnswers(): Promise<boolean> {
  try {
    const socket = await openSocket(places, new AbortController().signal)
    socket.destroy()
    return true
  } catch (error) {
    if (error instanceof AppError && error.code === 'AGENT_UNREACHABLE') return false
    throw error
  }
}

function holderOf(lock: string) {
  const detail = describeHolder(lock)
  return detail === undefined ? {} : { detail }
}
