import type { Problem } from '../../protocol/errors.ts'
import type { FlaggedStretch } from '../activity/flagged-stretch.ts'
import type { InputState } from '../input/ports.ts'
import type { Log } from '../kernel/ports.ts'
import { type ReadonlySignal, watch } from '../kernel/signals.ts'
import type { TrackingFacts } from './ports.ts'
import type { Conditions } from './tracking-state.ts'

type Day = {
  consent: ReadonlySignal<TrackingFacts['consent'] | undefined>
  pause: ReadonlySignal<TrackingFacts['pause'] | undefined>
  suspension: ReadonlySignal<Conditions['suspension']>
  input: ReadonlySignal<InputState>
  /** Why nothing can be stored. */
  store: ReadonlySignal<Problem | undefined>
  /** Why nothing can be delivered; that it began is logged where it is found. */
  delivery: ReadonlySignal<Problem | undefined>
  screenshots: ReadonlySignal<Problem | undefined>
  flagged: ReadonlySignal<readonly FlaggedStretch[]>
}

/**
 * Logs the beginning and the end of events that people notice, so that the log shows the course of a day. It
 * holds no data about the activity.
 */
export function logDay(day: Day, log: Log, signal: AbortSignal): void {
  watch(
    day.consent,
    consent => {
      if (consent) log({ event: 'consent-given', count: consent.text_version })
    },
    signal,
  )
  watch(
    day.pause,
    pause => {
      if (pause) log({ event: 'paused', detail: `${by(pause.by)}until ${pause.until ?? 'resumed'}` })
      else log({ event: 'resumed' })
    },
    signal,
  )
  let suspended: string | undefined
  watch(
    day.suspension,
    suspension => {
      // Its detail changes with every percent of the battery.
      if (suspension?.reason === suspended) return
      suspended = suspension?.reason
      log(suspension ? { event: 'suspended', detail: suspension.reason } : { event: 'unsuspended' })
    },
    signal,
  )
  follow(day.store, { begins: 'storing-failed', ends: 'storing-works' })
  follow(day.delivery, { ends: 'delivery-works' })
  follow(day.screenshots, { begins: 'screenshots-failed', ends: 'screenshots-work' })
  let blind = false
  watch(
    day.input,
    state => {
      if (state.kind === 'unavailable' && !blind) log({ event: 'input-lost', ...state.problem })
      if (state.kind === 'counting' && blind) log({ event: 'input-restored' })
      if (state.kind !== 'starting') blind = state.kind === 'unavailable'
    },
    signal,
  )
  followVerdicts(day.flagged)

  function follow(
    problem: ReadonlySignal<Problem | undefined>,
    words: { begins?: string; ends: string },
  ): void {
    let code = problem.value?.code
    watch(
      problem,
      found => {
        if (found?.code === code) return
        code = found?.code
        if (!found) log({ event: words.ends })
        else if (words.begins !== undefined) log({ event: words.begins, ...found })
      },
      signal,
    )
  }

  /** A stretch once when it begins and once more when it becomes worse: it is made longer with every interval. */
  function followVerdicts(flagged: ReadonlySignal<readonly FlaggedStretch[]>): void {
    let known = flagged.value
    watch(
      flagged,
      stretches => {
        const [latest] = stretches
        const [before] = known
        if (latest && stretches.length >= known.length) {
          const goesOn = before !== undefined && before.to >= latest.from
          const word = latest.genuineness.verdict
          if (!goesOn || word !== before.genuineness.verdict) log({ event: 'verdict', detail: word })
        } else log({ event: 'verdict-withdrawn' })
        known = stretches
      },
      signal,
    )
  }
}

function by(name: string | undefined): string {
  return name === undefined ? '' : `by ${name} `
}
