import type { Evidence } from '../../../protocol/records.ts'
import type { InputSources } from '../input-sources.ts'

/**
 * Where input came from, as the system says: a kind of evidence of its own, and reported apart. It says nothing about
 * what the input was like. Assistive tools, remappers and remote desktops inject too, so on its own it makes a
 * suspicion, and what it is worth is for the person to say.
 */
export type ProvenanceLimits = {
  injected: 'ignore' | 'suspect' | 'scripted'
  /** Names of devices whose input is the person's, whatever the system says. */
  trusted: readonly string[]
}

export type Provenance = {
  /** Where the stretch of injected input began; undefined while there is none. */
  since: number | undefined
  /** Since the last call. */
  injectedSeconds: number
  devices: readonly string[]
  evidence: Evidence | undefined
}

/** So long nothing but injected input: longer than a password manager or a clipboard tool types. */
const limitSeconds = 20
const mostSeconds = 60
/** Somebody at the keyboard takes the suspicion away faster than a program builds it up. */
const personWeight = 2

export function createProvenance(limits: () => ProvenanceLimits) {
  let injectedInARow = 0
  let from: number | undefined
  let injectedSeconds = 0
  let devices = new Set<string>()

  return {
    observe({ from: began, first, to, devices: used }: InputSources): void {
      const { trusted, injected } = limits()
      const doubtful = injected === 'ignore' ? [] : used.filter(name => !trusted.includes(name))
      const seconds = (to - began) / 1000
      if (doubtful.length > 0 && doubtful.length === used.length && doubtful.every(isInjector)) {
        from ??= first
        injectedInARow = Math.min(mostSeconds, injectedInARow + seconds)
        injectedSeconds += seconds
        for (const name of doubtful) devices.add(name)
      } else if (used.length > 0) {
        injectedInARow = Math.max(0, injectedInARow - personWeight * seconds)
        if (injectedInARow === 0) from = undefined
      }
    },

    /** What was seen since the last call. */
    conclude(): Provenance {
      // A suspicion is about input, so a lull is no part of it.
      const suspicious = injectedInARow >= limitSeconds && injectedSeconds > 0
      const seen = {
        since: suspicious ? from : undefined,
        injectedSeconds: Math.round(injectedSeconds),
        devices: [...devices],
        evidence: suspicious ? evidenceOf(Math.round(injectedInARow), [...devices]) : undefined,
      }
      injectedSeconds = 0
      devices = new Set()
      return seen
    },
  }
}

/** X11 names the devices of its XTEST extension, through which programs make input. */
function isInjector(name: string): boolean {
  return /\bXTEST\b/.test(name)
}

function evidenceOf(seconds: number, devices: readonly string[]): Evidence {
  const by = devices.length > 0 ? ` (${devices.join(', ')})` : ''
  return {
    feature: 'injected_input',
    value: seconds,
    text: `For ${seconds === mostSeconds ? 'more than ' : ''}${seconds} s all input came from programs${by} and none from a device. Assistive tools and remote desktops do that too.`,
  }
}
