import type { Problem } from '../../protocol/errors.ts'
import type { FlaggedStretch } from '../activity/flagged-stretch.ts'
import type { InputState } from '../input/ports.ts'
import type { ReadonlyCell } from '../kernel/cell.ts'
import type { Log } from '../kernel/ports.ts'
import type { TrackingFacts } from './ports.ts'
import type { Conditions } from './tracking-state.ts'

type Day = {
  consent: ReadonlyCell<TrackingFacts['consent'] | undefined>
  pause: ReadonlyCell<TrackingFacts['pause'] | undefined>
  suspension: ReadonlyCell<Conditions['suspension']>
  input: ReadonlyCell<InputState>
  /** Why nothing can be stored. */
  store: ReadonlyCell<Problem | undefined>
  /** Why nothing can be delivered; that it began is logged where it is found. */
  delivery: ReadonlyCell<Problem | undefined>
  screenshots: ReadonlyCell<Problem | undefined>
  flagged: ReadonlyCell<readonly FlaggedStretch[]>
}

/**
 * Writes a line into the log when something begins that people notice, and another when it is over, so that a day can be
 * followed in it. What the records say of the activity is not in it.
 */
export function logDay(day: Day, log: Log, signal: AbortSignal): void {
  day.consent.watch(consent => {
    if (consent) log({ event: 'consent-given', count: consent.text_version })
  }, signal)
  day.pause.watch(pause => {
    if (pause) log({ event: 'paused', detail: `${by(pause.by)}until ${pause.until ?? 'resumed'}` })
    else log({ event: 'resumed' })
  }, signal)
  let suspended: string | undefined
  day.suspension.watch(suspension => {
    // What it says of the battery changes with every percent.
    if (suspension?.reason === suspended) return
    suspended = suspension?.reason
    log(suspension ? { event: 'suspended', detail: suspension.reason } : { event: 'unsuspended' })
  }, signal)
  follow(day.store, { begins: 'storing-failed', ends: 'storing-works' })
  follow(day.delivery, { ends: 'delivery-works' })
  follow(day.screenshots, { begins: 'screenshots-failed', ends: 'screenshots-work' })
  let blind = false
  day.input.watch(state => {
    if (state.kind === 'unavailable' && !blind) log({ event: 'input-lost', ...state.problem })
    if (state.kind === 'counting' && blind) log({ event: 'input-restored' })
    if (state.kind !== 'starting') blind = state.kind === 'unavailable'
  }, signal)
  followVerdicts(day.flagged)

  function follow(
    problem: ReadonlyCell<Problem | undefined>,
    words: { begins?: string; ends: string },
  ): void {
    let code = problem.value?.code
    problem.watch(found => {
      if (found?.code === code) return
      code = found?.code
      if (!found) log({ event: words.ends })
      else if (words.begins !== undefined) log({ event: words.begins, ...found })
    }, signal)
  }

  /** A stretch once when it begins and once more when it becomes worse: it is made longer with every interval. */
  function followVerdicts(flagged: ReadonlyCell<readonly FlaggedStretch[]>): void {
    let known = flagged.value
    flagged.watch(stretches => {
      const [latest] = stretches
      const [before] = known
      if (latest && stretches.length >= known.length) {
        const goesOn = before !== undefined && before.to >= latest.from
        const word = latest.genuineness.verdict
        if (!goesOn || word !== before.genuineness.verdict) log({ event: 'verdict', detail: word })
      } else log({ event: 'verdict-withdrawn' })
      known = stretches
    }, signal)
  }
}

function by(name: string | undefined): string {
  return name === undefined ? '' : `by ${name} `
}
