import { randomUUID } from 'node:crypto'
import { chooseCapture } from '../adapters/capture/table.ts'
import { imageEditor } from '../adapters/image/image-editor.ts'
import { windowList } from '../adapters/windows/table.ts'
import type { Sealer } from '../journal/ports.ts'
import type { Clock, Disk, Log } from '../kernel/ports.ts'
import type { Notice } from '../privacy/ports.ts'
import { createWindowQuestions } from '../screenshots/ask-windows.ts'
import { holdScreenshots } from '../screenshots/hold-screenshots.ts'
import { tellScreenshots } from '../screenshots/notify-screenshots.ts'
import { createRedaction } from '../screenshots/redact-screenshots.ts'
import { takeScreenshots } from '../screenshots/take-screenshots.ts'
import type { Control } from '../tracking/control-tracking.ts'
import type { State } from './open-state.ts'
import type { Recording } from './recording.ts'

type Parts = {
  state: State
  clock: Clock
  log: Log
  disk: Disk
  sealer: Sealer
  notice: Notice
  control: Control
  presence: Recording['presence']
}

/** Screenshots: whose windows are on them, when they are taken, how long they wait for review. */
export function composeScreenshots(parts: Parts, signal: AbortSignal) {
  const { state, clock, log, disk, sealer, notice, control, presence } = parts
  const { outbox, journal, settings, memory } = state
  const windowQuestions = createWindowQuestions({ clock, newName: randomUUID })
  const windows = windowList(process.env)
  const redaction = createRedaction({ windows, settings, log, ask: windowQuestions.ask })
  const image = imageEditor
  const held = holdScreenshots({
    held: state.reviewQueue,
    outbox,
    journal,
    image,
    sealer,
    clock,
    settings,
    log,
  })
  const screenshots = takeScreenshots({
    capture: chooseCapture(process.env),
    image,
    keep: held.keep,
    journal,
    memory,
    disk,
    clock,
    random: Math.random,
    settings,
    gate: control.gate,
    presence: presence.presence,
    redaction: redaction.prepareRedaction,
  })
  tellScreenshots({ taken: screenshots.last, settings, notice, log }, signal)
  return { windowQuestions, held, screenshots }
}
